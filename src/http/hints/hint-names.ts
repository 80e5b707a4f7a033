/**
 * Finds the addresses of the names in boxes' addresses, each search with an end; connects to
 * nothing.
 */
import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { AddressRefused, isPublicAddress } from './hint-address';

/** For one connection. */
export interface NameSearch {
  readonly lookup: LookupFunction;
  /** Ends it where it is still under way; harmless afterwards. */
  cancel(): void;
}

export type NewResolver = () => {
  resolve4(host: string): Promise<string[]>;
  resolve6(host: string): Promise<string[]>;
  cancel(): void;
};

/** For each name server of the system: they are asked one after the other. */
const ASKED_FOR_MS = 1_500;
const newSystemResolver: NewResolver = () => new Resolver({ timeout: ASKED_FOR_MS, tries: 1 });

/**
 * Answers public addresses only. It asks the name servers itself: the system's look-up holds one of
 * the few threads that the whole process shares, for as long as a dead name server makes it wait,
 * and cannot be called off. So two boxes could keep us from finding the provider.
 */
export function searchPublic(newResolver: NewResolver = newSystemResolver): NameSearch {
  let cancel = (): void => undefined;
  const lookup: LookupFunction = (host, options, answer) => {
    if (/(^|\.)localhost\.?$/i.test(host)) return answer(refused(), []);
    const resolver = newResolver();
    cancel = () => resolver.cancel();
    addressesOf(resolver, host).then(
      (found) => {
        const [first, ...others] = found.filter(({ address }) => isPublicAddress(address));
        if (first === undefined) answer(refused(), []);
        else if (options.all === true) answer(null, [first, ...others]);
        else answer(null, first.address, first.family);
      },
      (error: Error) => answer(error, []),
    );
  };
  return { lookup, cancel: () => cancel() };
}

/** Throws what the search for IPv4 came to when neither family has an address. */
async function addressesOf(
  resolver: ReturnType<NewResolver>,
  host: string,
): Promise<LookupAddress[]> {
  const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  const found = [
    ...(four.status === 'fulfilled' ? four.value.map((address) => ({ address, family: 4 })) : []),
    ...(six.status === 'fulfilled' ? six.value.map((address) => ({ address, family: 6 })) : []),
  ];
  if (found.length === 0 && four.status === 'rejected') throw four.reason;
  return found;
}

/**
 * Any address, as the system finds it (a grid inside one's own network may stand in its file of
 * hosts), one search at a time: more of the shared threads are never held. Those that wait leave
 * when they are cancelled.
 */
export function createSystemSearches(look: LookupFunction = systemLookup): () => NameSearch {
  const waiting = new Set<() => void>();
  let isBusy = false;
  const next = (): void => {
    const [run] = waiting;
    isBusy = run !== undefined;
    if (run === undefined) return;
    waiting.delete(run);
    run();
  };
  return () => {
    let cancel = (): void => undefined;
    const lookup: LookupFunction = (host, options, answer) => {
      const run = (): void => {
        look(host, options, (...found) => {
          next();
          answer(...found);
        });
      };
      cancel = () => void waiting.delete(run);
      waiting.add(run);
      if (!isBusy) next();
    };
    return { lookup, cancel: () => cancel() };
  };
}

const refused = (): AddressRefused => new AddressRefused('It is not a public address.');
