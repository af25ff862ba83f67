/**
 * The exchange rates that histories count with: those in force, and while rows of the log are told
 * again to histories that lag behind the state, those that were in force at the row.
 */
import { decodeRow } from '#src/domain/encoding/row-codec.ts';
import type { LedgerEvent } from '#src/domain/events.ts';
import type { RatesRecorded } from '#src/domain/shared-fact.ts';
import type { EventLogReader } from '#src/ports/event-log.ts';
import type { ShardState } from './shard-state.ts';

export class HistoryRates {
  readonly #state: Pick<ShardState, 'rates' | 'rateRows'>;
  #isBehind = false;
  #then: RatesRecorded | undefined;

  constructor(state: Pick<ShardState, 'rates' | 'rateRows'>) {
    this.#state = state;
  }

  get current(): RatesRecorded | undefined {
    return this.#isBehind ? this.#then : this.#state.rates;
  }

  /** From now on those in force behind the row at `position`, which is before the state's. */
  async goBackTo(log: EventLogReader, position: number): Promise<void> {
    const row = this.#state.rateRows.findLast((each) => each <= position);
    this.#isBehind = true;
    this.#then = row === undefined ? undefined : await ratesIn(log, row);
  }

  /** An event of a row that is told again. */
  tell(event: LedgerEvent): void {
    if (event.type === 'RatesRecorded') this.#then = event;
  }

  /** The histories have come up with the state. */
  catchUp(): void {
    this.#isBehind = false;
  }
}

async function ratesIn(log: EventLogReader, position: number): Promise<RatesRecorded> {
  const [row] = await log.read({ from: position, maxRows: 1 });
  const events = row?.position === position ? decodeRow(row.body).flatMap((record) => record.events) : [];
  const rates = events.findLast((event) => event.type === 'RatesRecorded');
  if (!rates) throw new Error(`the log has no exchange rates in row ${position}`);
  return rates;
}
