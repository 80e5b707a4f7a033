/** Adds a comment to a break; comments are never edited or taken away. */
import type { BreakComment } from '../../domain/break';
import type { BreakId } from '../../domain/ids';
import type { Acting } from '../access/acting';
import { changeBreak, type BreakChanged, type ChangeBreakDeps } from './change-break';
import { conflict, type Conflict, type NotFound } from '../access/refusal';

const MOST_COMMENTS = 200;

export async function commentBreak(
  deps: ChangeBreakDeps,
  input: { readonly id: BreakId; readonly text: string; readonly by: Acting },
): Promise<BreakChanged | NotFound | Conflict> {
  const { id, text, by } = input;
  return changeBreak(deps, {
    id,
    by,
    action: 'break-commented',
    plan: (found, { at, earlier }) => {
      const comment: BreakComment = { at, author: by.author, text };
      const isThere = found.comments.some((one) => one.at === at && one.text === text);
      if (earlier !== null && isThere) return found;
      if (found.comments.length >= MOST_COMMENTS) {
        return conflict(`A break has at most ${MOST_COMMENTS} comments.`);
      }
      return { ...found, comments: [...found.comments, comment] };
    },
  });
}
