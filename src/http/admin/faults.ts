/** What a schema refused, as places and sentences: every fault at once, places as JSON pointers. */
import type { z } from 'zod';
import type { Fault } from '../problem';

const MOST_FAULTS = 100;

export function faultsOf(error: z.ZodError): readonly Fault[] {
  return error.issues.flatMap(faultsOfIssue).slice(0, MOST_FAULTS);
}

/** RFC 6901; empty for the whole document. */
function jsonPointer(path: readonly PropertyKey[]): string {
  return path
    .map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}

/** An unknown field is a fault at that field, not at the object that holds it. */
function faultsOfIssue(issue: z.core.$ZodIssue): Fault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: jsonPointer([...issue.path, key]),
      message: 'This is not known here.',
    }));
  }
  return [{ path: jsonPointer(issue.path), message: issue.message }];
}
