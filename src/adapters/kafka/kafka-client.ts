/** The connection to a broker, with what is the same for all that this program does there. */
import { Kafka, logLevel, type KafkaConfig, type KafkaMessage, type LogEntry } from 'kafkajs';
import type { Logger } from '#src/observability/logger.ts';
import { quietTimers } from './quiet-timers.ts';

export interface BrokerSettings {
  readonly brokers: readonly string[];
  /** How the broker knows this process in its own logs. */
  readonly clientId: string;
  /** TLS; absent for a plain connection. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  readonly sasl?: {
    readonly mechanism: 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
}

const CONNECTION_TIMEOUT_MS = 3_000;
/** Above the longest that a broker may hold a request of ours, below what a person waits for. */
const REQUEST_TIMEOUT_MS = 10_000;
const RETRY = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5 };

export function kafkaClient(settings: BrokerSettings, log: Logger): Kafka {
  quietTimers();
  const { brokers, clientId, tls, sasl } = settings;
  const config: KafkaConfig = {
    brokers: [...brokers],
    clientId,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    retry: RETRY,
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => writeEntry(log, entry),
    ...(tls ? { ssl: { ...tls } } : {}),
    ...(sasl ? { sasl: saslOf(sasl) } : {}),
  };
  return new Kafka(config);
}

function saslOf({ mechanism, username, password }: NonNullable<BrokerSettings['sasl']>) {
  return mechanism === 'scram-sha-256'
    ? ({ mechanism: 'scram-sha-256', username, password } as const)
    : ({ mechanism: 'scram-sha-512', username, password } as const);
}

/**
 * Answers to one request, which is tried again (what fails in the end is thrown), and advice for producers
 * that go on after a failure, which those here do not.
 */
const EXPECTED = [
  'Response ',
  'The coordinator is not aware',
  'Failed to send messages: The producer attempted to update a transaction while another',
  'Limiting retries for the idempotent producer',
];

/** Its messages may quote what was sent, so only the sentence itself is written. */
function writeEntry(log: Logger, { level, log: { message } }: LogEntry): void {
  const sentence = `broker client: ${message}`;
  if (EXPECTED.some((start) => message.startsWith(start))) log.debug(sentence, { cause: 'kafka' });
  else if (level === logLevel.ERROR) log.error(sentence, { cause: 'kafka' });
  else if (level === logLevel.WARN) log.warn(sentence, { cause: 'kafka' });
  else log.debug(sentence, { cause: 'kafka' });
}

/** Other folders know what is the client's own only by these names. */
export type BrokerClient = Kafka;
export type BrokerMessage = KafkaMessage;
