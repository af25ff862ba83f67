/** Reads what the client says has gone wrong, in the words of the port. */
import type { EventLogFault } from '#src/ports/event-log-error.ts';

/** Names of the broker's error codes, https://kafka.apache.org/protocol#protocol_error_codes. */
const FAULT_BY_TYPE: ReadonlyMap<string, EventLogFault> = new Map<string, EventLogFault>([
  ['INVALID_PRODUCER_EPOCH', 'fenced'],
  ['TRANSACTION_COORDINATOR_FENCED', 'fenced'],
  ['KAFKA_STORAGE_ERROR', 'full'],
  ['NOT_ENOUGH_REPLICAS', 'busy'],
  ['NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'busy'],
]);
/** PRODUCER_FENCED, which the client does not know by name. */
const FENCED = /error code 90\b/;
/** An error names the one behind it, that one the next; nobody makes more of them. */
const DEPTH_MAX = 8;

/** `io` for whatever is not one of the broker's answers that the port has a word for. */
export function kafkaFaultOf(error: unknown): EventLogFault {
  let each = error;
  for (let depth = 0; each instanceof Error && depth < DEPTH_MAX; depth++) {
    if (FENCED.test(each.message)) return 'fenced';
    const fault = 'type' in each && typeof each.type === 'string' ? FAULT_BY_TYPE.get(each.type) : undefined;
    if (fault) return fault;
    each = 'originalError' in each ? each.originalError : each.cause;
  }
  return 'io';
}
