/**
 * Brings a shard's state to the head of its log: from the last checkpoint on, the rows behind it are
 * applied again. Ledger and histories have checkpoints of their own, and each takes only the rows
 * that it lacks.
 */
import { decodePersonalContent, decodePersonalParts, decodeRow } from '#src/domain/encoding/row-codec.ts';
import type { CommandRecord, LedgerEvent, PersonalPartRef } from '#src/domain/events.ts';
import type { PersonalContent } from '#src/domain/personal-part.ts';
import type { EntityKeyer, SignalEntities } from '#src/ports/entity-keyer.ts';
import type { EventLogReader, LogRow } from '#src/ports/event-log.ts';
import type { ComingAttempt, DurableFeatureStage } from '#src/ports/feature-stage.ts';
import { partsErasedBy } from './erase-parts.ts';
import type { HistoryRates } from './history-rates.ts';
import { ledgerFacts } from './ledger-facts.ts';
import { OutcomeFeed } from './outcome-feed.ts';
import type { AppliedContext, ShardState } from './shard-state.ts';

export interface RecoveryDeps {
  readonly log: EventLogReader;
  readonly state: ShardState;
  /** The log row up to which `state` goes. */
  readonly statePosition: number;
  readonly features: DurableFeatureStage;
  readonly rates: HistoryRates;
  readonly keyer: EntityKeyer;
  /** Called with the state at `position`, after so many commands more. */
  readonly afterPage: (position: number, commands: number) => Promise<void>;
}

export interface Recovered {
  /** Rows read. */
  readonly rows: number;
  /** What erasures behind the checkpoint named: the process may have ended before all of it was gone. */
  readonly erased: readonly PersonalPartRef[];
}

/** Applies the rows behind the checkpoints. */
export async function recover(deps: RecoveryDeps): Promise<Recovered> {
  const reader = new RecordReplay(deps);
  const told = toldPosition(deps.features);
  if (told < deps.statePosition) await deps.rates.goBackTo(deps.log, told);
  let from = Math.min(deps.statePosition, told) + 1;
  let rows = 0;
  for (;;) {
    const page = await deps.log.read({ from });
    const last = page.at(-1);
    if (!last) break;
    let commands = 0;
    for (const row of page) commands += await reader.apply(row);
    await deps.afterPage(last.position, commands);
    rows += page.length;
    from = last.position + 1;
  }
  deps.rates.catchUp();
  return { rows, erased: reader.erased };
}

/** Remote histories are not replayed: `HistoryCatchUp` tells them what they lack. */
function toldPosition({ remote, writtenPosition }: DurableFeatureStage): number {
  return remote ? Infinity : writtenPosition;
}

class RecordReplay {
  readonly erased: PersonalPartRef[] = [];
  readonly #deps: RecoveryDeps;
  readonly #feed: OutcomeFeed;
  readonly #scratch: Float32Array;

  constructor(deps: RecoveryDeps) {
    this.#deps = deps;
    this.#feed = new OutcomeFeed(deps.state.ledger, deps.features);
    this.#scratch = new Float32Array(deps.features.featureCount);
  }

  /** Gives the number of the row's commands. */
  async apply(row: LogRow): Promise<number> {
    const { statePosition, features, state, rates } = this.#deps;
    if (row.position > statePosition) rates.catchUp();
    const parts = decodePersonalParts(row.personal);
    const records = decodeRow(row.body).map((record, index) => {
      const part = parts.get(index);
      return this.#prepare(record, { ...row, record: index }, part && decodePersonalContent(part));
    });
    const tellsFeatures = row.position > toldPosition(features);
    if (tellsFeatures) {
      features.beginRow(row.position);
      await features.load(records.flatMap(({ record, context }) => comingAttempt(record.events, context)));
    }
    if (row.position > statePosition) this.erased.push(...partsErasedBy(records.map(({ record }) => record)));
    for (const { record, context } of records) {
      if (tellsFeatures) this.#observe(record.events, context);
      for (const event of record.events) {
        if (row.position > statePosition) state.apply(event, context);
        if (tellsFeatures) this.#feed.tell(event, context);
        rates.tell(event);
      }
      if (row.position <= statePosition) continue;
      state.ledger.counters.input = record.input;
      state.ledger.counters.shardTime = record.shardTime;
    }
    return records.length;
  }

  #prepare(
    record: CommandRecord,
    place: { readonly position: number; readonly record: number },
    personal: PersonalContent | undefined,
  ) {
    const entityKeys = entityKeysOf(record.events, personal, this.#deps.keyer);
    const { shardTime } = record;
    const context: AppliedContext = {
      shardTime,
      position: place.position,
      record: place.record,
      entityKeys,
      personal,
    };
    return { record, context };
  }

  /** Before any of the record's events is applied, as when it was decided. */
  #observe(events: readonly LedgerEvent[], { entityKeys, personal, shardTime }: AppliedContext): void {
    const event = events.find((each) => each.type === 'PaymentReceived');
    if (!event) return;
    const request = { facts: event.facts, personal: personal?.payment ?? {} };
    const { featureTime, receivedAt } = event;
    const facts = ledgerFacts(this.#deps.state.ledger, event.facts);
    const row = { values: this.#scratch, offset: 0 };
    this.#deps.features.observe({ request, entityKeys, featureTime, receivedAt, shardTime }, facts, row);
  }
}

/** What the histories are told before a record of the log is observed again. */
export function comingAttempt(
  events: readonly LedgerEvent[],
  { entityKeys }: Pick<AppliedContext, 'entityKeys'>,
): readonly ComingAttempt[] {
  return events.flatMap((event) => {
    if (event.type !== 'PaymentReceived') return [];
    const { amount, asset } = event.facts;
    return [{ entityKeys, featureTime: event.featureTime, amount, asset }];
  });
}

const NO_KEYS = new Uint8Array();

/** The keyed hashes that ingest made for the command, made again from what the log has of it. */
export function entityKeysOf(
  events: readonly LedgerEvent[],
  personal: PersonalContent | undefined,
  keyer: EntityKeyer,
): Uint8Array {
  for (const event of events) {
    if (event.type === 'PaymentReceived') {
      return keyer.ofPayment({ facts: event.facts, personal: personal?.payment ?? {} });
    }
    if (event.type === 'SignalRecorded') return keyer.ofSignal(signalEntities(event.account, personal));
    if (event.type === 'LabelRecorded' && event.entityKind !== undefined && personal?.entity !== undefined) {
      return keyer.ofEntity(event.entityKind, personal.entity);
    }
  }
  return NO_KEYS;
}

function signalEntities(account: string, personal: PersonalContent | undefined): SignalEntities {
  const { device, ip } = personal ?? {};
  return { account, ...(device === undefined ? {} : { device }), ...(ip === undefined ? {} : { ip }) };
}
