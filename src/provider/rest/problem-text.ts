/** What an `application/problem+json` answer says, in one short phrase for errors and logs. */
import { z } from 'zod';
import { dropBody, readBounded } from './bounded-body';
import { boundedText } from '../scalars';

const MOST_WORDS = 150;
const problem = z.object({ title: boundedText(MOST_WORDS), detail: boundedText(MOST_WORDS) });

/** ` (title: detail)`, or nothing where the answer is no problem that can be read; never throws. */
export async function readProblem(response: Response, mostBytes: number): Promise<string> {
  if (!/^application\/(problem\+)?json\b/i.test(response.headers.get('content-type') ?? '')) {
    await dropBody(response);
    return '';
  }
  try {
    const { title, detail } = problem.parse(JSON.parse(await readBounded(response, mostBytes)));
    const said = [title, detail].filter((text) => text !== '').join(': ');
    return said === '' ? '' : ` (${said})`;
  } catch {
    // Too long, broken off, or no problem: the status alone has to do.
    return '';
  }
}
