/** Compares bearer tokens in constant time; knows of one token only. */
import { createHash, timingSafeEqual } from 'node:crypto';

/** `header` is the value of `Authorization`, absent where there is none. */
export function hasToken(header: string | undefined, token: string): boolean {
  const given = /^Bearer +(\S{1,1024})$/i.exec(header ?? '')?.[1] ?? '';
  return timingSafeEqual(digest(given), digest(token));
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
