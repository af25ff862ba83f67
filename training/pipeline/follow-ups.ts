/**
 * What happens to payments after their decision, in the order of its time: the issuer's answer comes
 * seconds later, a challenged customer's soon, a reviewer's within the hour. Each kind has one delay, so that first in is first out.
 */
import type { Command } from '#src/domain/commands.ts';

export const ISSUER_DELAY_MS = 2_000;
export const CHALLENGE_DELAY_MS = 30_000;
export const REVIEW_DELAY_MS = 20 * 60_000;

export interface TimedCommand {
  readonly command: Command;
  /** Arrival, milliseconds since 1970. */
  readonly at: number;
}

class DelayQueue {
  readonly #items: TimedCommand[] = [];
  #first = 0;

  get next(): TimedCommand | undefined {
    return this.#items[this.#first];
  }

  add(item: TimedCommand): void {
    this.#items.push(item);
  }

  take(): void {
    this.#first += 1;
    if (this.#first < 1024) return;
    this.#items.splice(0, this.#first);
    this.#first = 0;
  }
}

/** The world's issuers say one thing of a payment, so nothing has to be told apart. */
const ONLY_ANSWER = new Uint8Array(32);

export class FollowUps {
  readonly #queues = { issuer: new DelayQueue(), challenge: new DelayQueue(), review: new DelayQueue() };

  declineByIssuer(paymentId: string, code: string, decidedAt: number): void {
    const said = { paymentId, result: 'declined', code, bodyDigest: ONLY_ANSWER } as const;
    const command = { type: 'RecordAuthorization', ...said } as const;
    this.#queues.issuer.add({ command, at: decidedAt + ISSUER_DELAY_MS });
  }

  answerChallenge(paymentId: string, isPassed: boolean, decidedAt: number): void {
    const result = isPassed ? 'passed' : 'failed';
    const command = { type: 'AnswerChallenge', paymentId, result } as const;
    this.#queues.challenge.add({ command, at: decidedAt + CHALLENGE_DELAY_MS });
  }

  decideReview(paymentId: string, isApproved: boolean, decidedAt: number): void {
    const outcome = isApproved ? 'approve' : 'deny';
    const command = { type: 'DecideReview', paymentId, outcome, reason: 'simulated reviewer' } as const;
    this.#queues.review.add({ command, at: decidedAt + REVIEW_DELAY_MS });
  }

  /** What is due by then, earliest first. */
  dueBy(time: number): readonly TimedCommand[] {
    const due: TimedCommand[] = [];
    for (;;) {
      const candidates = Object.values(this.#queues).filter(
        (queue) => queue.next !== undefined && queue.next.at <= time,
      );
      const [first] = candidates.toSorted((one, other) => (one.next?.at ?? 0) - (other.next?.at ?? 0));
      if (first?.next === undefined) return due;
      due.push(first.next);
      first.take();
    }
  }
}
