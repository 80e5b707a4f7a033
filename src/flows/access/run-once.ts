/**
 * Runs a request under an idempotency key once, and answers its repeats; what it runs is not its
 * business.
 */
import type { Clock } from '../ports/clock';
import type { RequestStore } from '../ports/upkeep-ports';

/** A request that has run longer than this is taken for left half-done by a crash, and resumed. */
export const STALE_MS = 30_000;

export interface KeptAnswer {
  readonly status: number;
  /** Without secrets: those are shown once. */
  readonly body: unknown;
}

export interface OnceInput<Shown> {
  /** `<key id>:<Idempotency-Key>`. */
  readonly id: string;
  /** Hash of method, path and body. */
  readonly content: string;
  /** `keep` null: it came to nothing and may be sent again. */
  readonly run: () => Promise<{ readonly shown: Shown; readonly keep: KeptAnswer | null }>;
}

export type OnceOutcome<Shown> =
  | { readonly kind: 'ran'; readonly shown: Shown }
  | { readonly kind: 'replayed'; readonly answer: KeptAnswer }
  | { readonly kind: 'running'; readonly retryAfterS: number }
  | { readonly kind: 'other-content' };

/**
 * A `run` that throws leaves the request half-done: nobody knows how far it came, so the key stays
 * bound to this content, and the same request resumes it after `STALE_MS`.
 */
export async function runOnce<Shown>(
  deps: { readonly requests: RequestStore; readonly clock: Clock },
  { id, content, run }: OnceInput<Shown>,
): Promise<OnceOutcome<Shown>> {
  const begun = await deps.requests.begin({
    id,
    content,
    now: deps.clock.now(),
    staleMs: STALE_MS,
  });
  switch (begun.kind) {
    case 'running':
      return { kind: 'running', retryAfterS: 2 };
    case 'other-content':
      return { kind: 'other-content' };
    case 'answered':
      return { kind: 'replayed', answer: { status: begun.status, body: begun.body } };
    case 'mine':
      break;
  }
  const { shown, keep } = await run();
  if (keep === null) await deps.requests.drop(id);
  else await deps.requests.finish(id, keep);
  return { kind: 'ran', shown };
}
