/**
 * Tells remote histories again what the log says and they lack: after a restart, an outage, or when they
 * have lost what they were told. The state stands at the head of the log meanwhile and is not changed.
 */
import type { AssetTable } from '#src/domain/asset.ts';
import { decodePersonalContent, decodePersonalParts, decodeRow } from '#src/domain/encoding/row-codec.ts';
import type { CommandRecord } from '#src/domain/events.ts';
import type { EntityKeyer } from '#src/ports/entity-keyer.ts';
import type { EventLogReader, LogRow } from '#src/ports/event-log.ts';
import type { DurableFeatureStage, RemoteHistories } from '#src/ports/feature-stage.ts';
import { HistoryRates } from './history-rates.ts';
import { ledgerFacts } from './ledger-facts.ts';
import { OutcomeFeed } from './outcome-feed.ts';
import { entityKeysOf } from './recovery.ts';
import { referenceAmount } from './reference-amount.ts';
import type { AppliedContext, ShardState } from './shard-state.ts';

export interface HistoryCatchUpDeps {
  readonly log: EventLogReader;
  readonly state: ShardState;
  readonly features: DurableFeatureStage;
  readonly keyer: EntityKeyer;
  readonly assets: AssetTable;
}

/** Rows told between two batches: more than come in meanwhile. */
const ROWS_IN_STEP = 32;

export class HistoryCatchUp {
  readonly #deps: HistoryCatchUpDeps;
  readonly #feed: OutcomeFeed;
  readonly #scratch: Float32Array;
  readonly #rates: HistoryRates;
  /** The row that the rates are those before. */
  #next = 0;

  constructor(deps: HistoryCatchUpDeps) {
    this.#deps = deps;
    this.#feed = new OutcomeFeed(deps.state.ledger, deps.features);
    this.#scratch = new Float32Array(deps.features.featureCount);
    this.#rates = new HistoryRates(deps.state);
  }

  /** Until nothing is missing, or the histories want to be told later. */
  async catchUp(head: number): Promise<void> {
    while (await this.step(head));
  }

  /** Some rows; whether there are more to be told at once. */
  async step(head: number): Promise<boolean> {
    const { remote } = this.#deps.features;
    const from = await remote?.firstMissing(head);
    if (!remote || from === undefined) return false;
    const { log } = this.#deps;
    if (from !== this.#next) await this.#rates.goBackTo(log, from - 1);
    this.#next = from;
    for (const row of await log.read({ from, maxRows: ROWS_IN_STEP })) {
      if (!(await this.#tell(row, remote, head))) return false;
    }
    return true;
  }

  async #tell(row: LogRow, remote: RemoteHistories, head: number): Promise<boolean> {
    const records = this.#recordsOf(row);
    const { position } = row;
    const shardTime = records.at(-1)?.record.shardTime ?? 0;
    const rates = this.#rates.current;
    const toReference = (amount: number, asset: string) =>
      referenceAmount(rates, this.#deps.assets, { amount, asset });
    const isTold = await remote.tellAgain({ position, head, shardTime, toReference }, () => {
      for (const { record, context } of records) {
        this.#observe(record, context);
        for (const event of record.events) this.#feed.tell(event, context);
      }
    });
    if (!isTold) return false;
    // New rates are the last thing in their row.
    for (const { record } of records) for (const event of record.events) this.#rates.tell(event);
    this.#next = position + 1;
    return true;
  }

  #observe({ events }: CommandRecord, { entityKeys, personal, shardTime }: AppliedContext): void {
    const event = events.find((each) => each.type === 'PaymentReceived');
    if (!event) return;
    const { facts, featureTime, receivedAt } = event;
    const request = { facts, personal: personal?.payment ?? {} };
    const attempt = { request, entityKeys, featureTime, receivedAt, shardTime };
    const { features, state } = this.#deps;
    const before = ledgerFacts(state.ledger, facts);
    features.observe(attempt, before, { values: this.#scratch, offset: 0 });
  }

  #recordsOf({ position, body, personal }: LogRow) {
    const parts = decodePersonalParts(personal);
    return decodeRow(body).map((record, index) => {
      const part = parts.get(index);
      const content = part && decodePersonalContent(part);
      const entityKeys = this.#keysOf(record, content);
      const { shardTime } = record;
      const context: AppliedContext = { shardTime, position, record: index, entityKeys, personal: content };
      return { record, context };
    });
  }

  /** As the payment has them, also where its personal part is erased. */
  #keysOf({ events }: CommandRecord, content: AppliedContext['personal']): Uint8Array {
    const received = events.find((event) => event.type === 'PaymentReceived');
    const payment = received && this.#deps.state.ledger.payments.get(received.facts.id);
    return payment?.entityKeys ?? entityKeysOf(events, content, this.#deps.keyer);
  }
}
