/** Holds an answer against the shape that the API documents for its route. */
import type { Response } from 'supertest';
import type { Method } from '../../../src/http/admin/route';
import { ADMIN_ROUTES } from '../../../src/http/admin/routes';
import { SUCCESS_STATUS } from '../../../src/http/problem';

/** The body; fails unless status and every field are as documented, with none besides. */
export function documented<Body = Record<string, never>>(
  method: Method,
  path: string,
  answer: Response,
): Body {
  const route = ADMIN_ROUTES.find((one) => one.method === method && one.path === path);
  if (route === undefined) throw new Error(`No route ${method} ${path} is documented.`);
  expect({ status: answer.status, body: answer.body as unknown }).toEqual({
    status: SUCCESS_STATUS[route.success],
    body: route.shape.parse(answer.body),
  });
  return answer.body as Body;
}
