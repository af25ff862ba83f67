/** What the events of a ledger in several shards do to the state; part of `evolve.ts`. */
import type { SagaEvent } from '#src/domain/saga-events.ts';
import type { LedgerState } from './ledger-state.ts';

export function evolveSaga(state: LedgerState, event: SagaEvent): void {
  const { counters } = state;
  switch (event.type) {
    case 'MessageSent':
      counters.sent = withLast(counters.sent, event.target, event.sequence);
      return;
    case 'MessageReceived':
      counters.received = withLast(counters.received, event.source, event.sequence);
      return;
  }
}

/** The numbers with that of one shard changed; shards before it that were not heard of are at 0. */
function withLast(numbers: readonly number[], shard: number, sequence: number): readonly number[] {
  const changed = [...numbers];
  while (changed.length <= shard) changed.push(0);
  changed[shard] = sequence;
  return changed;
}
