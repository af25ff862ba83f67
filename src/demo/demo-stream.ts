/** The recorded stream that the demo plays, in order of arrival, with what is true of each payment beside it. */
import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';

const FOLDER = new URL('../../fixtures/demo-stream/', import.meta.url);

/** What the world knows of a payment and the product does not. */
export interface PaymentTruth {
  readonly paymentId: string;
  /** When it arrives, RFC 3339. */
  readonly at: string;
  readonly fraud: boolean;
  readonly family: string | null;
  readonly campaign: string | null;
  readonly issuer: { readonly approved: boolean; readonly code: string };
  readonly challengePasses: boolean;
  readonly reviewApproves: boolean;
}

export interface StreamPayment {
  readonly kind: 'payment';
  /** As it is sent. */
  readonly line: string;
  readonly amount: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly truth: PaymentTruth;
}

/** Anything else: where it goes and what is sent. */
export interface StreamRequest {
  readonly kind: 'request';
  readonly path: string;
  readonly body: string;
  /** Milliseconds since 1970; undefined where it only has its place in the order. */
  readonly at: number | undefined;
}

export type StreamItem = StreamPayment | StreamRequest;

export function readDemoStream(): readonly StreamItem[] {
  const truths = new Map<string, PaymentTruth>();
  for (const line of linesOf('stream.truth.ndjson.br')) {
    const truth = JSON.parse(line) as PaymentTruth;
    truths.set(truth.paymentId, truth);
  }
  return linesOf('stream.ndjson.br').map((line) => itemOf(line, truths));
}

function linesOf(file: string): string[] {
  const text = brotliDecompressSync(readFileSync(new URL(file, FOLDER))).toString('utf8');
  return text.split('\n').filter((line) => line !== '');
}

interface StreamLine {
  readonly id?: string;
  readonly amount?: number;
  readonly account?: object;
  readonly transfer?: object;
  readonly signal?: { readonly occurredAt: string };
  readonly label?: { readonly observedAt: string };
  readonly reversal?: { readonly at: string; readonly paymentId: string };
}

function itemOf(line: string, truths: ReadonlyMap<string, PaymentTruth>): StreamItem {
  const parsed = JSON.parse(line) as StreamLine;
  if (parsed.id !== undefined) return paymentOf(line, parsed, truths);
  if (parsed.account) return requestOf('/v1/accounts', parsed.account);
  if (parsed.transfer) return requestOf('/v1/transfers', parsed.transfer);
  if (parsed.signal) return requestOf('/v1/signals', parsed.signal, parsed.signal.occurredAt);
  if (parsed.label) return requestOf('/v1/labels', parsed.label, parsed.label.observedAt);
  if (parsed.reversal) {
    const { at, paymentId, ...reversal } = parsed.reversal;
    return requestOf(`/v1/payments/${paymentId}/reverse`, reversal, at);
  }
  throw new Error(`the stream has a line of an unknown kind: ${line.slice(0, 80)}`);
}

function paymentOf(
  line: string,
  { id, amount }: StreamLine,
  truths: ReadonlyMap<string, PaymentTruth>,
): StreamPayment {
  const truth = truths.get(id ?? '');
  if (!truth) throw new Error(`nothing is known of payment ${id}`);
  return { kind: 'payment', line, amount: amount ?? 0, at: Date.parse(truth.at), truth };
}

function requestOf(path: string, body: object, at?: string): StreamRequest {
  return {
    kind: 'request',
    path,
    body: JSON.stringify(body),
    at: at === undefined ? undefined : Date.parse(at),
  };
}
