/** Figures as a person says them. */

/** `1 payment`, `2 payments`. */
export const counted = (count: number, thing: string): string =>
  `${count} ${thing}${count === 1 ? '' : 's'}`;

/** `0.4 s`, with one digit after the point. */
export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
