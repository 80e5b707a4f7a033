/** What the tests of the door expect of every answer, and of a door that must have kept nothing. */
import type { Response } from 'supertest';
import type { DoorWorld } from './door-world';
import { NOW_UNIX } from './sample-estate';

export type Expected = readonly [status: number, code: string, retry: number];

/** The whole answer of a call that is told nothing but its outcome. */
export function expectOutcome(answer: Response, [status, code, retry]: Expected): void {
  const ok = status === 200 ? 1 : 0;
  expect(answer.text).toBe(JSON.stringify({ ok, code, retry, t: NOW_UNIX }));
  expect(answer.status).toBe(status);
  expectShape(answer);
}

/** What holds for every answer under `/api/inworld`, whatever was sent. */
export function expectShape({ text, headers }: Pick<Response, 'text' | 'headers'>): void {
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  expect(headers['cache-control']).toBe('no-store');
  for (const name of ['etag', 'x-powered-by', 'content-encoding', 'location']) {
    expect(headers).not.toHaveProperty(name);
  }
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_024);
  const body = JSON.parse(text) as Record<string, unknown>;
  expect(Object.keys(body).slice(0, 4)).toEqual(['ok', 'code', 'retry', 't']);
  for (const [name, value] of Object.entries(body)) {
    expect(name).toMatch(/^[a-z]{1,12}$/);
    if (typeof value === 'string') expect(value).not.toMatch(/[\]}\p{Cc}]/u);
    else expect(Number.isInteger(value)).toBe(true);
  }
}

export function expectNothingKept(world: DoorWorld): void {
  expect(world.reports.all()).toEqual([]);
  expect(world.returned).toEqual([]);
  expect(world.opened).toEqual([]);
  expect(world.writes).toEqual([]);
  expect(world.woken.settle).toEqual([]);
  expect(world.woken.resync).toEqual([]);
}
