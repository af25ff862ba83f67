/**
 * Plays the stream through the server, with the clock at each item's arrival. What the world does in
 * return is played too: issuers decline, challenged customers answer, a reviewer decides two hours
 * later. Attackers were recorded and do not react.
 */
import type { DecidedPayment, DemoClient } from './demo-client.ts';
import type { StreamItem, StreamPayment, StreamRequest } from './demo-stream.ts';

/** Payments sent together: no more, and none that arrives much later than the first. */
const BATCH_PAYMENTS = 64;
const BATCH_SPAN_MS = 5 * 60_000;
/** Signals, transfers and the like that follow each other are sent side by side. */
const REQUESTS_AT_ONCE = 32;
const REVIEW_TAKES_MS = 2 * 3_600_000;

export interface PlayedPayment {
  readonly sent: StreamPayment;
  readonly decided: DecidedPayment;
}

export interface PlayerSettings {
  readonly client: DemoClient;
  /** Sets the time of the service. */
  readonly setTime: (at: number) => void;
  readonly onPayment: (played: PlayedPayment) => void;
}

interface FollowUp {
  readonly at: number;
  readonly path: string;
  readonly body: object;
}

export class StreamPlayer {
  readonly #settings: PlayerSettings;
  #batch: StreamPayment[] = [];
  #requests: StreamRequest[] = [];
  /** Soonest first: reviews take the same time, so they come in order. */
  readonly #reviews: FollowUp[] = [];

  constructor(settings: PlayerSettings) {
    this.#settings = settings;
  }

  async play(items: readonly StreamItem[]): Promise<void> {
    for (const item of items) {
      if (item.kind === 'payment') await this.#addPayment(item);
      else await this.#addRequest(item);
    }
    await this.#flush();
    await this.#sendRequests();
  }

  async #addPayment(payment: StreamPayment): Promise<void> {
    await this.#sendRequests();
    const [first] = this.#batch;
    const isFull = this.#batch.length >= BATCH_PAYMENTS;
    if (first && (isFull || payment.at - first.at > BATCH_SPAN_MS)) await this.#flush();
    this.#batch.push(payment);
  }

  async #addRequest(request: StreamRequest): Promise<void> {
    await this.#flush();
    const [first] = this.#requests;
    const isOther = first !== undefined && first.path !== request.path;
    if (isOther || this.#requests.length >= REQUESTS_AT_ONCE) await this.#sendRequests();
    this.#requests.push(request);
  }

  async #sendRequests(): Promise<void> {
    const requests = this.#requests;
    if (requests.length === 0) return;
    this.#requests = [];
    const at = Math.max(...requests.map((request) => request.at ?? 0));
    if (at > 0) await this.#advance(at);
    await Promise.all(requests.map(({ path, body }) => this.#settings.client.post(path, body)));
  }

  async #flush(): Promise<void> {
    const batch = this.#batch;
    const last = batch.at(-1);
    if (!last) return;
    this.#batch = [];
    await this.#advance(last.at);
    const answers = await this.#settings.client.payBatch(batch.map(({ line }) => line));
    for (const [index, sent] of batch.entries()) {
      const decided = answers[index];
      if (!decided) throw new Error(`payment ${sent.truth.paymentId} was not answered`);
      this.#settings.onPayment({ sent, decided });
      await this.#react(sent, decided);
    }
  }

  async #react({ truth, at }: StreamPayment, { id, status, awaiting }: DecidedPayment): Promise<void> {
    const path = `/v1/payments/${id}`;
    if (status === 'posted' && !truth.issuer.approved) {
      await this.#post(`${path}/authorization`, { result: 'declined', code: truth.issuer.code });
    }
    if (awaiting?.for === 'challenge') {
      await this.#post(`${path}/challenge`, { result: truth.challengePasses ? 'passed' : 'failed' });
    }
    if (awaiting?.for === 'review') {
      const outcome = truth.reviewApproves ? 'approve' : 'deny';
      const body = { outcome, reason: 'looked into by the demo', version: 1 };
      this.#reviews.push({ at: at + REVIEW_TAKES_MS, path: `/v1/reviews/${id}/decision`, body });
    }
  }

  /** Moves the clock, and lets happen what is due before. */
  async #advance(at: number): Promise<void> {
    while (this.#reviews[0] && this.#reviews[0].at <= at) {
      const review = this.#reviews.shift() as FollowUp;
      this.#settings.setTime(review.at);
      await this.#post(review.path, review.body);
    }
    this.#settings.setTime(at);
  }

  #post(path: string, body: object): Promise<number> {
    return this.#settings.client.post(path, JSON.stringify(body));
  }
}
