/** Reads an HTTP answer's body up to a limit; knows nothing of what it says. */

/** The body is longer than we are willing to hold. */
export class BodyTooLong extends Error {
  override readonly name = 'BodyTooLong';
}

/**
 * The body as text (UTF-8, what is none becomes U+FFFD). The limit counts what is held: after any
 * decompression.
 * @throws BodyTooLong above `mostBytes`; whatever the network throws meanwhile.
 */
export async function readBounded(response: Response, mostBytes: number): Promise<string> {
  const { body } = response;
  if (body === null) return '';
  const decoder = new TextDecoder();
  let heldBytes = 0;
  let text = '';
  // Leaving the loop by a throw cancels the body, and with it the connection.
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    heldBytes += chunk.byteLength;
    if (heldBytes > mostBytes)
      throw new BodyTooLong(`An answer is longer than ${mostBytes} bytes.`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Reads what nobody wants to know, so that the connection can be used again; never throws. */
export async function dropBody(response: Response): Promise<void> {
  try {
    await readBounded(response, MOST_DROPPED_BYTES);
  } catch {
    // Too long or broken off: then the connection is gone, which frees it as well.
  }
}

const MOST_DROPPED_BYTES = 16 * 1024;
