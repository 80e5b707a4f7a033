/** The provider's base address and the addresses made from it; it shows neither token nor login. */

/**
 * @param text an `http(s)` address, with or without a path.
 * @throws TypeError that does not repeat the address, for it might hold a login.
 */
export function parseBaseAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new TypeError('The provider is reached under an http or https address.');
  }
  if (url.username !== '' || url.password !== '') {
    throw new TypeError(
      'The address of the provider holds no login: the token is its own setting.',
    );
  }
  if (url.search !== '' || url.hash !== '') {
    throw new TypeError('The address of the provider holds neither query nor fragment.');
  }
  return url;
}

/** `path` begins with `/v1/`; a path of the base address stays in front of it. */
export function addressOf(base: URL, path: string): URL {
  return new URL(`${base.origin}${base.pathname.replace(/\/+$/, '')}${path}`);
}

/** `http` gives `ws`, `https` gives `wss`. */
export function streamAddressOf(base: URL): URL {
  const url = addressOf(base, '/v1/stream');
  url.protocol = base.protocol === 'https:' ? 'wss:' : 'ws:';
  return url;
}
