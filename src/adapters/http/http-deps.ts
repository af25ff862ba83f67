/** What the HTTP server is given. */
import type { AccountReaders } from '#src/ingest/account-readers.ts';
import type { TokenTable } from '#src/ingest/access/token-table.ts';
import type { KnowledgeReaders } from '#src/ingest/knowledge-readers.ts';
import type { PaymentActionReaders } from '#src/ingest/payment-action-readers.ts';
import type { PaymentReader } from '#src/ingest/payment-reader.ts';
import type { CommandGateway } from '#src/ports/command-gateway.ts';
import type { LedgerQueries } from '#src/ports/ledger-queries.ts';
import type { HttpMetrics } from '#src/observability/http-metrics.ts';
import type { Logger } from '#src/observability/logger.ts';
import type { DescribeVector } from './payment-json.ts';

export type Readers = AccountReaders &
  PaymentActionReaders &
  KnowledgeReaders & { readonly payment: PaymentReader };

export interface HttpDeps {
  readonly gateway: CommandGateway;
  readonly queries: LedgerQueries;
  readonly readers: Readers;
  /** `off` lets everybody do everything; only for loopback, which `listen` insists on. */
  readonly tokens: TokenTable | 'off';
  /** A token that opens `/metrics` and nothing else. */
  readonly metricsToken?: string;
  readonly describeVector: DescribeVector;
  /** The service's clock, milliseconds since 1970. */
  readonly now: () => number;
  /** A fresh unique id, for tokens. */
  readonly newId: () => string;
  /** Unpredictable bytes, for tokens. */
  readonly randomBytes: (count: number) => Uint8Array;
  readonly log: Logger;
  readonly metrics: HttpMetrics;
  /** The text of `/metrics`. */
  readonly exposition: () => Promise<string>;
  readonly limits: HttpLimits;
}

export interface HttpLimits {
  /** Commands that were submitted and are not answered. */
  readonly inFlightMax: number;
  /** Each may hold a body of 64 KiB while it is read. */
  readonly connectionsMax: number;
  /** A connection on which nothing moves for so long is closed. */
  readonly idleSeconds: number;
  /** A client of a stream that does not read for so long is cut off. */
  readonly slowReaderSeconds: number;
  /** Requests of one token in a second; absent: as many as it likes. A batch counts once. */
  readonly requestsPerSecond?: number;
  /** What a client is told that would not wait for the decision; the policy's word. */
  readonly lateOutcome: 'review' | 'deny' | 'challenge';
}

/** For 2,000 connections with bodies in flight 128 MiB, and a queue of 8,192 commands about 32 MiB. */
export const DEFAULT_LIMITS: HttpLimits = {
  inFlightMax: 8192,
  connectionsMax: 2000,
  idleSeconds: 75,
  slowReaderSeconds: 15,
  lateOutcome: 'review',
};
