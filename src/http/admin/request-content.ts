/** What makes two requests the same: method, path and body, whatever the order of its fields. */
import { sha256 } from '../sha256';

/** Lower-case hex SHA-256. */
export const requestContent = (request: {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}): string => sha256(`${request.method} ${request.path}\n${canonical(request.body)}`);

/** JSON with the fields of every object in order of name. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, held: unknown) =>
    isPlainObject(held)
      ? Object.fromEntries(Object.entries(held).sort(([a], [b]) => (a < b ? -1 : 1)))
      : held,
  );
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
