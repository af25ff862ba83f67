/**
 * A shard's time, held against the broker's. The time of a command comes from the process that took it
 * in, the time of an expiry from the shard's owner; a clock that is ahead would end payments early and,
 * because shard time never goes back, for good. The broker's is the one clock that all of them share: it
 * writes its time on every command.
 */
import type { Answer } from '#src/domain/answer.ts';
import type { CommandEnvelope } from '#src/domain/commands.ts';

/** More than clocks that are kept in step ever differ. */
export const CLOCK_AHEAD_MAX_MS = 5_000;

/** What time it is for a shard. */
export interface ShardClock {
  /** What to answer to a command that may not be taken for its time; undefined when it may. */
  judge(envelope: CommandEnvelope, brokerTime: number): Answer | undefined;
  /** Milliseconds since 1970. */
  now(): number;
}

export interface ClockSources {
  /** Milliseconds since 1970, by this machine. */
  readonly now: () => number;
  /** Milliseconds that only go forward. */
  readonly elapsed: () => number;
}

export class BrokerClock implements ShardClock {
  readonly #sources: ClockSources;
  /** What the broker's time is ahead of `elapsed`, at least. */
  #ahead: number | undefined;

  constructor(sources: ClockSources) {
    this.#sources = sources;
  }

  /** What to answer to a command whose time is ahead of the broker's; undefined when it is not. */
  judge({ receivedAt }: CommandEnvelope, brokerTime: number): Answer | undefined {
    this.#ahead = Math.max(this.#ahead ?? -Infinity, brokerTime - this.#sources.elapsed());
    if (receivedAt <= brokerTime + CLOCK_AHEAD_MAX_MS) return undefined;
    const seconds = Math.ceil((receivedAt - brokerTime) / 1_000);
    const detail = `the clock of the process that took this in is ${seconds} s ahead of the broker's`;
    return { type: 'RefusedAnswer', refusal: 'clock_ahead', detail };
  }

  /** This machine's time, but never much ahead of what the broker has said of its own. */
  now(): number {
    const { now, elapsed } = this.#sources;
    return this.#ahead === undefined ? now() : Math.min(now(), elapsed() + this.#ahead + CLOCK_AHEAD_MAX_MS);
  }
}
