/**
 * Payments that come by a topic: each record is one, in the JSON that `POST /v1/payments` takes, read by
 * the same reader and sent to its shard as one that came by HTTP. An id has its effect once, so a record
 * that comes again changes nothing. A shard that does not answer is asked until it does; meanwhile no
 * more is read. What no repetition could make right goes to the topic of dead letters.
 *
 * A record may be a CloudEvent in binary mode (CloudEvents 1.0, Kafka protocol binding).
 */
import { parseBody, BODY_BYTES_MAX } from '#src/adapters/http/read-body.ts';
import type { DeadLetter, SourceRecord } from '#src/adapters/kafka/source-topic.ts';
import type { Pay } from '#src/domain/commands.ts';
import type { PaymentReader } from '#src/ingest/payment-reader.ts';
import type { CommandGateway, GatewayReply } from '#src/ports/command-gateway.ts';

/** The shards are asked again so long after they did not take a payment. */
const ASK_AGAIN_AFTER_MS = 250;
const SPECIFICATION = '1.0';
const JSON_TYPE = /^application\/json\s*(?:;|$)/i;

export interface PaymentSourceSettings {
  readonly reader: Pick<PaymentReader, 'read'>;
  readonly gateway: Pick<CommandGateway, 'submit'>;
  readonly topic: string;
  readonly now: () => number;
}

/** Why a record is left out: a stable word, a sentence, and problems by path. */
interface Reason {
  readonly type: string;
  readonly detail: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

type Reading = { readonly ok: true; readonly command: Pay } | { readonly ok: false; readonly reason: Reason };

export class PaymentSource {
  readonly #settings: PaymentSourceSettings;
  #isStopping = false;

  constructor(settings: PaymentSourceSettings) {
    this.#settings = settings;
  }

  /** Nothing is asked again from now on; what was not answered has to come again. */
  stop(): void {
    this.#isStopping = true;
  }

  /** Undefined when not all of them were answered, and for all that comes behind those: it is not passed over. */
  readonly take = async (records: readonly SourceRecord[]): Promise<readonly DeadLetter[] | undefined> => {
    if (this.#isStopping) return undefined;
    const outcomes = await Promise.all(records.map((record) => this.#settle(record)));
    if (outcomes.includes('unanswered')) return undefined;
    return outcomes.flatMap((outcome, index) =>
      typeof outcome === 'object' ? [{ index, reason: JSON.stringify(outcome) }] : [],
    );
  };

  async #settle(record: SourceRecord): Promise<Reason | 'done' | 'unanswered'> {
    const reading = this.#read(record);
    if (!reading.ok) return reading.reason;
    const { now, topic, gateway } = this.#settings;
    while (!this.#isStopping) {
      const envelope = { command: reading.command, actor: `provider:${topic}`, receivedAt: now() };
      const reply = await new Promise<GatewayReply>((resolve) => gateway.submit(envelope, resolve));
      if (reply.type === 'answered') {
        const { answer } = reply;
        if (answer.type !== 'RefusedAnswer') return 'done';
        return { type: answer.refusal, detail: answer.detail };
      }
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_AFTER_MS));
    }
    return 'unanswered';
  }

  #read({ value, headers }: SourceRecord): Reading {
    const reason = envelopeProblem(headers) ?? sizeProblem(value);
    if (reason) return { ok: false, reason };
    const parsed = parseBody(value ?? Buffer.alloc(0));
    if (!parsed.ok) return { ok: false, reason: parsed.problem };
    const result = this.#settings.reader.read(parsed.body);
    if (result.ok) return { ok: true, command: result.content.command };
    const detail = 'the payment is not allowed as it is';
    return { ok: false, reason: { type: 'invalid', detail, errors: result.problems } };
  }
}

function sizeProblem(value: Buffer | null): Reason | undefined {
  if ((value?.length ?? 0) <= BODY_BYTES_MAX) return undefined;
  return { type: 'too-large', detail: `a payment may have at most ${BODY_BYTES_MAX} bytes` };
}

/** Headers that say nothing of an event are not looked at. */
function envelopeProblem(headers: SourceRecord['headers']): Reason | undefined {
  const type = headers['content-type'];
  if (type !== undefined && !JSON_TYPE.test(type))
    return { type: 'unsupported-media-type', detail: 'the content type must be application/json' };
  const version = headers['ce_specversion'];
  if (version === undefined) return undefined;
  if (version !== SPECIFICATION)
    return { type: 'event-version', detail: `ce_specversion must be ${SPECIFICATION}` };
  const missing = ['ce_id', 'ce_source', 'ce_type'].filter((name) => !headers[name]);
  if (missing.length === 0) return undefined;
  return { type: 'event-incomplete', detail: `a CloudEvent has to have ${missing.join(', ')}` };
}
