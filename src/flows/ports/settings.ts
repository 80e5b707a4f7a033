/** The estate's settings that flows go by; read from the environment once, by config.ts. */

export interface Settings {
  /** IANA name; for people and calendar rules. */
  readonly zone: string;
  readonly graceHours: number;
  readonly dueDays: number;
  readonly holdDays: number;
  /** Reports and transactions further apart than this are never paired. */
  readonly matchWindowS: number;
  /** Who owns a break until it is assigned. */
  readonly breakOwner: string;
  /** Minutes after which an unresolved payment is first looked up, ascending; then hourly. */
  readonly lookupMinutes: readonly number[];
  /** Days after which the look-ups are used up and a break opens. */
  readonly lookupDays: number;
  /** The grid's shard that boxes must come from. */
  readonly gridShard: string;
}
