/**
 * The structured log of what the service does, for operators.
 *
 * No message is built from a request or a payment: a log line has the fields of `LogFields` and no
 * others, so a card number, a person's data or a secret has nowhere to stand. Payments are named by id.
 */
import { destination, pino } from 'pino';

/** Everything that a line may carry. */
export interface LogFields {
  readonly paymentId?: string;
  readonly account?: string;
  readonly tokenId?: string;
  readonly source?: string;
  /** The route's template, never the path that was asked for. */
  readonly route?: string;
  readonly status?: number;
  readonly position?: number;
  readonly count?: number;
  readonly milliseconds?: number;
  readonly url?: string;
  /** A word from a fixed list. */
  readonly cause?: string;
  /** Only its name, code and stack are written. */
  readonly error?: Error;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface Logger {
  readonly debug: (message: string, fields?: LogFields) => void;
  readonly info: (message: string, fields?: LogFields) => void;
  readonly warn: (message: string, fields?: LogFields) => void;
  readonly error: (message: string, fields?: LogFields) => void;
}

export interface LogSink {
  readonly write: (line: string) => void;
}

/** Logs go to stderr unless a sink is given: stdout is for what commands print. */
export function createLogger(level: LogLevel | 'silent', sink: LogSink = destination(2)): Logger {
  const lines = pino({ level, base: null, timestamp: () => `,"time":"${new Date().toISOString()}"` }, sink);
  return {
    debug: (message, fields) => lines.debug(shown(fields), message),
    info: (message, fields) => lines.info(shown(fields), message),
    warn: (message, fields) => lines.warn(shown(fields), message),
    error: (message, fields) => lines.error(shown(fields), message),
  };
}

/** Picks the known fields, so that one that slipped past the types is not written either. */
function shown(fields: LogFields = {}): Record<string, unknown> {
  const { paymentId, account, tokenId, source, route, status, position, count, milliseconds, url, cause } =
    fields;
  const known = {
    paymentId,
    account,
    tokenId,
    source,
    route,
    status,
    position,
    count,
    milliseconds,
    url,
    cause,
  };
  return fields.error === undefined ? known : { ...known, error: shownError(fields.error) };
}

/** An error's message may quote what was read; its stack's frames do not. */
function shownError(error: Error): Record<string, unknown> {
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  return {
    name: error.name,
    code: 'code' in error ? String(error.code) : undefined,
    stack: frames.join('\n'),
  };
}
