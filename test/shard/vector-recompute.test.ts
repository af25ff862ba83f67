import { describe, expect, test } from 'vitest';
import { encodeRow } from '#src/domain/encoding/row-codec.ts';
import type { CommandRecord } from '#src/domain/events.ts';
import { emptyCounters, memoryTable, type LedgerState } from '#src/domain/ledger/ledger-state.ts';
import type { LogRow } from '#src/ports/event-log.ts';
import { LedgerReplay } from '#src/shard/ledger-replay.ts';
import { VectorRecompute } from '#src/shard/vector-recompute.ts';
import { readAll } from '#test/support/event-log/log-rows.ts';
import { at, FlowLog, minute } from '#test/support/flow-log.ts';
import { memoryHistories, payOf } from '#test/support/flow-setup.ts';
import { STUB_KEYER } from '#test/support/stub-features.ts';

/** Twelve payments of three debtors, in batches of four. */
async function twelvePayments(): Promise<FlowLog> {
  const ledger = await FlowLog.open();
  for (let batch = 0; batch < 3; batch++) {
    const pays = [0, 1, 2, 3].map((place) => {
      const number = batch * 4 + place;
      return payOf({ id: `pay_${number}`, debtor: `customer:${number % 3}` }, { cardId: `c_${number}` });
    });
    await ledger.run(...pays.map((pay) => at(minute(batch * 2), pay)));
  }
  return ledger;
}

async function recompute(rows: readonly LogRow[]): Promise<VectorRecompute> {
  const counters = emptyCounters();
  const ledger: LedgerState = {
    accounts: memoryTable(),
    payments: memoryTable(),
    receipts: memoryTable(),
    directory: memoryTable(),
    counters,
  };
  const vectors = new VectorRecompute({ ledger, keyer: STUB_KEYER, openFeatures: memoryHistories });
  const replay = new LedgerReplay(ledger, vectors);
  for (const row of rows) await replay.apply(row);
  return vectors;
}

describe('computing the vectors of a log again', () => {
  test('gives what was scored, for every payment', async () => {
    const { counts, mismatches } = await recompute(await readAll((await twelvePayments()).log));
    expect(counts).toEqual({ vectors: 12, mismatches: 0, erased: 0, afterErasure: 0 });
    expect(mismatches).toEqual([]);
  });

  test('finds a vector that was stored otherwise, and says which feature', async () => {
    const { flow, log } = await twelvePayments();
    const bodies = flow.batches.map(({ records }) => encodeRow(records.map(withOtherVector)));
    const rows = (await readAll(log)).map((row, index) => ({ ...row, body: bodies[index] ?? row.body }));
    const { counts, mismatches } = await recompute(rows);
    expect(counts).toMatchObject({ vectors: 12, mismatches: 1 });
    expect(mismatches).toMatchObject([{ paymentId: 'pay_7', feature: 1, stored: 99 }]);
  });

  test('counts an erased payment apart, and what differs behind it', async () => {
    const { log } = await twelvePayments();
    await log.erasePersonal([2], () => null);
    const { counts } = await recompute(await readAll(log));
    expect(counts).toMatchObject({ vectors: 8, mismatches: 0, erased: 4 });
  });
});

function withOtherVector(record: CommandRecord): CommandRecord {
  const events = record.events.map((event) => {
    if (event.type !== 'PaymentDecided' || event.paymentId !== 'pay_7' || !event.vector) return event;
    return { ...event, vector: event.vector.map((value, index) => (index === 1 ? 99 : value)) };
  });
  return { ...record, events };
}
