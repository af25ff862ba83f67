/** The time of a stream from the past that is played again: that of its newest command, whatever the broker says. */
import type { Answer } from '#src/domain/answer.ts';
import type { CommandEnvelope } from '#src/domain/commands.ts';
import type { ShardClock } from './broker-clock.ts';

export class StreamClock implements ShardClock {
  #newest: number;

  constructor(startsAt: number) {
    this.#newest = startsAt;
  }

  judge({ receivedAt }: CommandEnvelope): Answer | undefined {
    this.#newest = Math.max(this.#newest, receivedAt);
    return undefined;
  }

  now(): number {
    return this.#newest;
  }
}
