/** Who may do what through the admin API: roles, regions, and the record of each change. */
import type { Instant } from './time';

export const ROLES = ['viewer', 'manager', 'owner'] as const;
export type Role = (typeof ROLES)[number];

export interface AccessKey {
  /** `key_` + word characters. */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Empty = all regions. */
  readonly regions: readonly string[];
  /** Lower-case hex SHA-256 of the key's text; the text itself is never kept. */
  readonly hash: string;
  readonly createdAt: Instant;
  readonly revokedAt: Instant | null;
}

export interface Audit {
  /** `aud_` + word characters, in order of time. */
  readonly id: string;
  readonly at: Instant;
  /** The name of the key, or `system`. */
  readonly author: string;
  readonly subject: string;
  /** Region of the subject where it has one, so that limited keys see their own only. */
  readonly region: string | null;
  readonly action: string;
  readonly reason: string | null;
  readonly before: unknown;
  readonly after: unknown;
}

export const hasRole = (held: Role, needed: Role): boolean =>
  ROLES.indexOf(held) >= ROLES.indexOf(needed);

export const maySee = (regions: readonly string[], region: string | null): boolean =>
  regions.length === 0 || (region !== null && regions.includes(region));
