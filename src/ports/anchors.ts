/**
 * Heads of the log, kept apart from it. A chain alone cannot show that its end was cut off, or that all of it
 * was written anew; a head that somebody else has kept can. Rows newer than the newest anchor are not covered.
 */
import type { LogHead } from '#src/ports/event-log.ts';

export interface Anchor extends LogHead {
  /** When it was kept, in milliseconds since 1970. */
  readonly timeMs: number;
}

/** A line that is no anchor: a problem of its own, whatever the log says. */
export interface MalformedAnchor {
  readonly malformed: string;
}

export interface AnchorStore {
  /** The newest anchor that is kept; the log must reach it, or its tail is gone. */
  readonly newest: Anchor | null;
  /** Tells of a head that is durable. Keeps one from time to time, in the background: it never waits and never throws. */
  note(head: LogHead, timeMs: number): void;
  /** Keeps the last head it was told of. @throws what kept it from being written */
  close(): Promise<void>;
}
