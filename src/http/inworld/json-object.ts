/** Reads bytes as one JSON object, more strictly than the language does; knows no field. */

import { isUtf8 } from 'node:buffer';

/** Fields are flat; a few levels more are let pass in fields that we do not know. */
const MOST_LEVELS = 8;

/**
 * Null for anything but a JSON object in well-formed UTF-8 without a byte order mark, and where any
 * string holds U+0000 or half of a surrogate pair, an object names a key twice, or levels go too
 * deep. Two readers of such a text might read two different things.
 */
export function readJsonObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | null {
  if (!isUtf8(bytes)) return null;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const value = parsed(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return isPlain(text) ? (value as Record<string, unknown>) : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A string, or a bracket; of what is between them nothing matters here. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{}]/g;
const FORBIDDEN = /[\0\p{Surrogate}]/u;

/** Looks at the tokens of a text that is known to be JSON, so that it need not understand it. */
function isPlain(text: string): boolean {
  /** One set of keys for each open object; an array has none. */
  const open: (Set<string> | null)[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const [token] = match;
    if (token === '{' || token === '[') {
      open.push(token === '{' ? new Set() : null);
      if (open.length > MOST_LEVELS) return false;
    } else if (token === '}' || token === ']') {
      open.pop();
    } else {
      const isEscaped = token.includes('\\');
      const content = isEscaped ? String(JSON.parse(token)) : token.slice(1, -1);
      if (isEscaped && FORBIDDEN.test(content)) return false;
      if (!isKey(text, match.index + token.length)) continue;
      const keys = open.at(-1);
      if (keys?.has(content)) return false;
      keys?.add(content);
    }
  }
  return true;
}

/** In JSON a string before a colon is a key, and no other string is. */
function isKey(text: string, end: number): boolean {
  for (let at = end; at < text.length; at += 1) {
    const character = text[at];
    if (character === ':') return true;
    if (character !== ' ' && character !== '\t' && character !== '\n' && character !== '\r') {
      return false;
    }
  }
  return false;
}
