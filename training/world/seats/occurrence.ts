/** Owns what a payment has that its attempt has not: an id and a time. */
export interface Occurrence {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly occurredAt: number;
}
