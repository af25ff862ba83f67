import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Command, CommandEnvelope, Pay } from '#src/domain/commands.ts';
import { decodeRow } from '#src/domain/encoding/row-codec.ts';
import type { PersonalPartRef } from '#src/domain/events.ts';
import { sealPersonal } from '#src/ingest/seal-personal.ts';
import { digestOf, EPOCH_MS, envelopeOf, flowHarness, payCommand } from '#test/support/flow-harness.ts';
import { envelopesOf, ledgerHistory } from '#test/support/ledger-history.ts';
import { dumpOf } from '#test/support/shard-dump.ts';
import { ShardHarness } from '#test/support/shard-harness.ts';
import { STUB_KEYER } from '#test/support/stub-features.ts';

/** What happens around a batch: nothing, a commit that fails either way, a restart in order. */
const trouble = fc.constantFrom('none', 'none', 'none', 'lost', 'kept', 'restart');
const cuts = fc.array(fc.record({ size: fc.integer({ min: 1, max: 12 }), trouble }), { minLength: 1 });

async function startedShard(): Promise<ShardHarness> {
  const harness = new ShardHarness();
  harness.checkpointEveryCommands = 7;
  await harness.start();
  return harness;
}

/** The same log on an empty store: everything is applied again. */
async function replayed(harness: ShardHarness): Promise<ReadonlyMap<string, string>> {
  const replay = new ShardHarness();
  replay.now = harness.now;
  replay.log.identity = harness.log.identity;
  replay.log.rows.push(...harness.log.rows);
  await replay.start();
  const dump = dumpOf(replay.resources.state, replay.records());
  await replay.stop();
  return dump;
}

async function run(harness: ShardHarness, batch: readonly CommandEnvelope[], happens: string): Promise<void> {
  if (happens === 'restart') {
    await harness.stop();
    await harness.start();
  }
  if (happens === 'lost' || happens === 'kept') harness.log.nextCommitFault = happens;
  await harness.settle(batch.map(({ command, receivedAt }) => [command, receivedAt]));
  harness.log.nextCommitFault = null;
}

/** Each run is a shard with dozens of restarts; shrinking one takes minutes and explains little. */
const RUNS = { numRuns: 20, endOnFailure: true };

/** As ingest makes it, which replays depend on. */
function withKeys(command: Command): Command {
  if (command.type !== 'Pay') return command;
  const request = { facts: command.facts, personal: {} };
  return { ...command, entityKeys: STUB_KEYER.ofPayment(request) } satisfies Pay;
}

/** Live, after a restart, and with the whole log applied to nothing (L8). */
async function expectSameEverywhere(harness: ShardHarness): Promise<void> {
  const live = dumpOf(harness.resources.state, harness.records());
  await harness.stop();
  await harness.start();
  expect(dumpOf(harness.resources.state, harness.records())).toEqual(live);
  expect(await replayed(harness)).toEqual(live);
}

/** Pending payments whose deadline is in no queue. */
function forgotten({ resources }: ShardHarness, paymentIds: readonly string[]): readonly string[] {
  const { ledger, deadlines } = resources.state;
  const queued = new Set(
    deadlines.takeDue(Infinity, 10_000).map(({ at, paymentId }) => `${paymentId} ${at}`),
  );
  return paymentIds.filter((id) => {
    const payment = ledger.payments.get(id);
    return payment?.status === 'pending' && !queued.has(`${id} ${payment.until}`);
  });
}

describe('a shard with failing commits and restarts', () => {
  test('stands where it would without them, and so does a replay of its log', async () => {
    await fc.assert(
      fc.asyncProperty(ledgerHistory, cuts, async (steps, batches) => {
        const envelopes = envelopesOf(steps).map(({ command, receivedAt }) =>
          envelopeOf(withKeys(command), receivedAt),
        );
        // Its clock stands still, so that nothing expires that would not in the calm run.
        const harness = await startedShard();
        const calm = flowHarness({ openOnFirstUse: true });
        for (let at = 0, cut = 0; at < envelopes.length; cut++) {
          const { size, trouble: happens } = batches[cut % batches.length] ?? { size: 1, trouble: 'none' };
          const batch = envelopes.slice(at, at + (happens === 'kept' ? 1 : size));
          await run(harness, batch, happens);
          await calm.run(batch);
          // A command whose row was kept is sent again, which does nothing or is decided anew if it was refused.
          if (happens === 'kept') await calm.run(batch);
          at += batch.length;
        }
        const { ledger } = harness.resources.state;
        for (const [id, account] of calm.accounts.entries()) expect(ledger.accounts.get(id)).toEqual(account);
        for (const [id, payment] of calm.payments.entries()) {
          expect(ledger.payments.get(id)).toEqual({ ...payment, receivedIn: expect.any(Number) as number });
        }
        await expectSameEverywhere(harness);
        const paymentIds = [...calm.payments.entries()].map(([id]) => id);
        expect(forgotten(harness, paymentIds)).toEqual([]);
        await harness.stop();
      }),
      RUNS,
    );
  });
});

const listName = fc.constantFrom('block' as const, 'allow' as const);
const entryId = fc.constantFrom('e1', 'e2', 'e3');
const account = fc.constantFrom('a', 'b', 'c', 'd');
const version = fc.constantFrom('1', '2');

const control: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ list: listName, entryId, value: account }).map(({ value, ...entry }): Command => ({
    type: 'AddListEntry',
    ...entry,
    kind: 'account',
    reason: 'test',
    personal: sealPersonal({ entity: value }, () => new Uint8Array(16)),
  })),
  fc.record({ list: listName, entryId }).map((entry): Command => ({ type: 'RemoveListEntry', ...entry })),
  entryId.map((id): Command => ({
    type: 'CreateToken',
    tokenId: id,
    name: id,
    digest: digestOf(id),
    scopes: ['admin'],
  })),
  entryId.map((tokenId): Command => ({ type: 'RevokeToken', tokenId })),
  version.map((one): Command => ({
    type: 'ActivatePolicy',
    version: one,
    document: `version: "${one}"\nthresholds: { review: 0.5, deny: 0.9 }\n`,
  })),
  version.map((one): Command => ({
    type: 'ActivateModel',
    name: 'net',
    version: one,
    manifestDigest: one,
    featureHash: 'hash',
  })),
  version.map((one): Command => ({ type: 'RecordRates', date: one, base: 'EUR', rates: { USD: 1.1 } })),
  version.map((one): Command => ({ type: 'RecordIpTable', name: 'table', version: one, digest: one })),
  fc.record({ signalId: entryId, account }).map((signal): Command => ({
    type: 'RecordSignal',
    ...signal,
    kind: 'login',
    occurredAt: EPOCH_MS,
    bodyDigest: digestOf(signal),
    entityKeys: STUB_KEYER.ofSignal({ account: signal.account }),
  })),
  fc
    .record({
      id: fc.constantFrom('p1', 'p2', 'p3', 'p4', 'p5'),
      debtor: account,
      amount: fc.integer({ min: 1, max: 30 }),
    })
    .map((facts) => withKeys(payCommand({ ...facts, creditor: 'shop' }))),
);

/** Commands that come together; NaN erases nothing. */
const controlSteps = fc.array(
  fc.record({
    commands: fc.array(control, { minLength: 1, maxLength: 6 }),
    erased: fc.constantFrom(NaN, NaN, NaN, 0, 1, 2, 3),
    happens: trouble,
  }),
  { maxLength: 15, size: 'max' },
);

/** Where the values of list entries stand in the log. */
function listParts({ log }: ShardHarness): readonly PersonalPartRef[] {
  return log.rows.flatMap(({ position, body }) =>
    decodeRow(body).flatMap(({ events }, record) =>
      events.some(({ type }) => type === 'ListEntryAdded') ? [{ position, record }] : [],
    ),
  );
}

describe('the policy, lists, counters, tokens and versions of a shard', () => {
  test('are the same live, after a restart and after a replay, also when values were erased', async () => {
    await fc.assert(
      fc.asyncProperty(controlSteps, async (steps) => {
        const harness = await startedShard();
        for (const { commands, erased, happens } of steps) {
          harness.now += 1_000;
          await run(
            harness,
            commands.map((command) => envelopeOf(command, harness.now)),
            happens,
          );
          const parts = listParts(harness);
          const part = parts[erased % parts.length];
          if (part) await harness.erase(part);
        }
        await expectSameEverywhere(harness);
        await harness.stop();
      }),
      RUNS,
    );
  });
});
