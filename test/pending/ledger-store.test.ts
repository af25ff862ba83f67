import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMemoryStateStore } from '#src/adapters/memory/memory-state-store.ts';
import type { CommandRecord } from '#src/domain/events.ts';
import { evolve } from '#src/domain/ledger/evolve.ts';
import type { LedgerState } from '#src/domain/ledger/ledger-state.ts';
import { LedgerStore } from '#src/pending/ledger-store.ts';
import type { StateStore } from '#src/ports/state-store.ts';
import { ClusterHarness } from '#test/support/cluster-harness.ts';
import { flowHarness, memoryLedger } from '#test/support/flow-harness.ts';
import { envelopesOf, ledgerHistory } from '#test/support/ledger-history.ts';
import { ledgerDumpOf } from '#test/support/shard-dump.ts';

function apply(ledger: LedgerState, { events, input, shardTime }: CommandRecord, position: number): void {
  for (const event of events) evolve(ledger, event, { shardTime, position, entityKeys: new Uint8Array() });
  Object.assign(ledger.counters, { input, shardTime });
}

function open(store: StateStore): Promise<LedgerStore> {
  return LedgerStore.open({ store, accountsCachedMax: 2 });
}

/** A store whose writes end when the test says so. */
class SlowStore {
  readonly kept: StateStore = createMemoryStateStore();
  #land: (() => Promise<void>) | undefined;
  readonly store: StateStore = {
    ...this.kept,
    write: (write) =>
      new Promise((resolve) => {
        this.#land = async () => resolve(await this.kept.write(write));
      }),
  };

  async land(): Promise<void> {
    await this.#land?.();
    this.#land = undefined;
  }

  lose(): void {
    this.#land = undefined;
  }
}

interface Fixed {
  readonly position: number;
  readonly dump: ReadonlyMap<string, string>;
  readonly open: readonly string[];
}

/** The ledger on its store beside one that is all in memory. */
class Twin {
  readonly plain = memoryLedger();
  readonly disk: SlowStore;
  readonly records: readonly CommandRecord[];
  stored: LedgerStore;
  written: Fixed = { position: 0, dump: new Map(), open: [] };
  #applied = 0;
  #underWay: Fixed | undefined;
  #write: Promise<void> | undefined;

  private constructor(disk: SlowStore, stored: LedgerStore, records: readonly CommandRecord[]) {
    this.disk = disk;
    this.stored = stored;
    this.records = records;
  }

  static async of(records: readonly CommandRecord[]): Promise<Twin> {
    const disk = new SlowStore();
    return new Twin(disk, await open(disk.store), records);
  }

  next(): void {
    const record = this.records[this.#applied];
    if (!record) return;
    this.#applied++;
    apply(this.plain, record, this.#applied);
    apply(this.stored, record, this.#applied);
  }

  fixed(): Fixed {
    const open = [...this.plain.payments.entries()].filter(([, { status }]) => status === 'pending');
    return {
      position: this.#applied,
      dump: ledgerDumpOf(this.plain, this.records.slice(0, this.#applied)),
      open: open.map(([id]) => id).toSorted(),
    };
  }

  begin(): void {
    if (this.stored.checkpointStage !== 'none') return;
    this.stored.beginCheckpoint(this.#applied, []);
    this.#underWay = this.fixed();
  }

  encode(count: number): void {
    if (this.stored.checkpointStage === 'encoding' && this.stored.encodeCheckpoint(count))
      this.#write = this.stored.writeCheckpoint();
  }

  async land(): Promise<void> {
    if (this.stored.checkpointStage !== 'writing') return;
    await this.disk.land();
    await this.#write;
    if (this.#underWay) this.written = this.#underWay;
    this.#expectWritten();
  }

  #expectWritten(): void {
    const { position, open: openIds } = this.written;
    expect(this.stored.checkpointPosition).toBe(position);
    expect([...this.stored.openPaymentIds()].toSorted()).toEqual(openIds);
  }

  /** The process ends; a write on its way is lost. What comes back is the last checkpoint, and the rows behind it. */
  async crash(): Promise<void> {
    this.disk.lose();
    this.stored = await open(this.disk.store);
    const { position, dump } = this.written;
    if (position > 0) expect(ledgerDumpOf(this.stored, this.records.slice(0, position))).toEqual(dump);
    this.#expectWritten();
    for (let at = position; at < this.#applied; at++) {
      const record = this.records[at];
      if (record) apply(this.stored, record, at + 1);
    }
  }
}

type Act = (twin: Twin) => void | Promise<void>;
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 10, arbitrary: fc.constant<Act>((twin) => twin.next()) },
  { weight: 2, arbitrary: fc.constant<Act>((twin) => twin.begin()) },
  {
    weight: 4,
    arbitrary: fc.integer({ min: 1, max: 4 }).map(
      (count): Act =>
        (twin) =>
          twin.encode(count),
    ),
  },
  { weight: 2, arbitrary: fc.constant<Act>((twin) => twin.land()) },
  { weight: 1, arbitrary: fc.constant<Act>((twin) => twin.crash()) },
);

/** Whatever happens between the records, the store says what memory says. */
async function expectSame(records: readonly CommandRecord[], acts: readonly Act[]): Promise<void> {
  const twin = await Twin.of(records);
  for (const each of acts) await each(twin);
  expect(ledgerDumpOf(twin.stored, records)).toEqual(ledgerDumpOf(twin.plain, records));
  await twin.crash();
  expect(ledgerDumpOf(twin.stored, records)).toEqual(ledgerDumpOf(twin.plain, records));
}

describe('the ledger on its store', () => {
  test('is the ledger in memory at all times, and after a crash as it was at the last checkpoint', async () => {
    await fc.assert(
      fc.asyncProperty(
        ledgerHistory,
        fc.array(act, { minLength: 60, maxLength: 200, size: 'max' }),
        async (steps, acts) => {
          const calm = flowHarness();
          await calm.run(envelopesOf(steps));
          await expectSame(calm.records, acts);
        },
      ),
      { numRuns: 40, endOnFailure: true },
    );
  });

  test('is so too in one of several shards, with what it keeps for the others', async () => {
    await fc.assert(
      fc.asyncProperty(
        ledgerHistory,
        fc.array(act, { minLength: 60, maxLength: 200, size: 'max' }),
        async (steps, acts) => {
          const cluster = new ClusterHarness(2);
          for (const { command } of steps) await cluster.route(command);
          await cluster.settle();
          for (const index of [0, 1]) await expectSame(cluster.recordsOf(index), acts);
        },
      ),
      { numRuns: 15, endOnFailure: true },
    );
  });

  test('of another version of the state is emptied, so that the log is applied from its first row', async () => {
    const store = createMemoryStateStore();
    await store.write({
      puts: [
        { key: 'meta/checkpoint', value: Uint8Array.of(99) },
        { key: 'account/a', value: Uint8Array.of(1) },
      ],
      deletes: [],
    });
    const ledger = await open(store);
    expect(ledger.checkpointPosition).toBe(0);
    expect(ledger.accounts.get('a')).toBeUndefined();
    expect(store.get('account/a')).toBeUndefined();
  });

  test('has nothing to write before a checkpoint has begun', async () => {
    const ledger = await open(createMemoryStateStore());
    expect(ledger.checkpointStage).toBe('none');
    await expect(ledger.writeCheckpoint()).rejects.toThrow('no checkpoint has begun');
  });
});
