import { describe, expect, test } from 'vitest';
import type { Command } from '#src/domain/commands.ts';
import { ProjectionBehindError } from '#src/ports/ledger-queries.ts';
import { sealPersonal } from '#src/ingest/seal-personal.ts';
import { ENTITY_WINDOWS } from '#src/projections/reads/entity-windows.ts';
import { WINDOWS } from '#src/features/feature-window.ts';
import { at, FlowLog, minute } from '#test/support/flow-log.ts';
import { payOf } from '#test/support/flow-setup.ts';
import {
  everythingRead,
  NOW,
  PAGE,
  projectedLedger,
  type ProjectedLedger,
} from '#test/support/projected-ledger.ts';

const SALT = new Uint8Array(16);

function listEntry(entryId: string, kind: 'card' | 'device', value: string): Command {
  const personal = sealPersonal({ entity: value }, () => SALT);
  return { type: 'AddListEntry', entryId, list: 'block', kind, reason: 'stolen', personal };
}

const entityLabel = {
  type: 'RecordLabel',
  labelId: 'l',
  label: 'fraud',
  source: 'issuer',
  observedAt: minute(0),
  bodyDigest: new Uint8Array(32),
  entityKeys: new Uint8Array(),
} as const;

function label(labelId: string, about: { paymentId: string } | { card: string }): Command {
  const fields = {
    type: 'RecordLabel',
    labelId,
    label: 'fraud',
    source: 'chargeback',
    observedAt: minute(9),
    bodyDigest: new Uint8Array(),
    entityKeys: new Uint8Array(),
  } as const;
  if ('paymentId' in about) return { ...fields, paymentId: about.paymentId };
  return { ...fields, entityKind: 'card', personal: sealPersonal({ entity: about.card }, () => SALT) };
}

/** A payment captured in two parts and partly refunded, others beside it, a list, labels. */
async function busyLedger(): Promise<FlowLog> {
  const ledger = await FlowLog.open();
  const personal = { cardId: 'c_1', device: { id: 'd_1' }, ip: '203.0.113.7' };
  await ledger.run(at(minute(0), payOf({ id: 'held', amount: 1_000, capture: 'manual' }, personal)));
  await ledger.run(
    at(minute(1), payOf({ id: 'quick', amount: 300 }, personal)),
    at(minute(1), listEntry('e_1', 'card', 'c_9')),
    at(minute(1), listEntry('e_2', 'device', 'd_9')),
  );
  const part = { type: 'CapturePayment', paymentId: 'held', captureId: 'first', amount: 400 } as const;
  await ledger.run(at(minute(2), part));
  await ledger.run(at(minute(3), { ...part, captureId: 'last', amount: 500, final: true }));
  await ledger.run(
    at(minute(4), {
      type: 'ReversePayment',
      paymentId: 'held',
      reversalId: 'r_1',
      amount: 200,
      kind: 'refund',
    }),
  );
  await ledger.run(
    at(minute(5), label('l_1', { paymentId: 'held' })),
    at(minute(5), label('l_2', { card: 'c_1' })),
  );
  await ledger.run(at(minute(6), { type: 'RemoveListEntry', list: 'block', entryId: 'e_1' }));
  return ledger;
}

describe('reading one payment', () => {
  test('it stands with its amounts, decisions, vector, labels and history', async () => {
    const { queries } = await projectedLedger({ ledger: await busyLedger() });
    const payment = await queries.payment('held', NOW);
    expect(payment).toMatchObject({
      status: 'posted',
      capturedAmount: 900,
      reversedAmount: 200,
      personal: { cardId: 'c_1' },
      decisions: [{ number: 1, outcome: 'approve' }],
    });
    expect(payment?.details?.vector).toBeInstanceOf(Float32Array);
    expect(payment?.details?.labels).toMatchObject([{ id: 'l_1', label: 'fraud', source: 'chargeback' }]);
    expect(payment?.details?.history.map(({ event, id, amount }) => [event, id, amount])).toEqual([
      ['PaymentReceived', undefined, undefined],
      ['PaymentDecided', undefined, undefined],
      ['PaymentAwaits', undefined, undefined],
      ['PaymentCaptured', 'first', 400],
      ['PaymentCaptured', 'last', 500],
      ['PaymentReversed', 'r_1', 200],
      ['LabelRecorded', undefined, undefined],
    ]);
  });

  test('its version is the one that the shard answers with', async () => {
    const { ledger, queries } = await projectedLedger({ ledger: await busyLedger() });
    const known = ledger.flow.state.ledger.payments.get('held');
    expect((await queries.payment('held', NOW))?.version).toBe(known?.version);
  });

  test('an unknown id gives nothing', async () => {
    const { queries } = await projectedLedger();
    expect(await queries.payment('nobody', NOW)).toBeUndefined();
  });
});

describe('reading an account', () => {
  test('it stands as the ledger has it, and as it stood at a past time', async () => {
    const { ledger, queries } = await projectedLedger({ ledger: await busyLedger() });
    const known = ledger.flow.state.ledger.accounts.get('customer:1');
    const view = await queries.account('customer:1', NOW);
    expect(view).toMatchObject({
      posted: known?.posted,
      heldDebits: known?.heldDebits,
      available: known?.posted,
    });
    const standings = [];
    for (const minutes of [0, 1, 2, 3, 4]) {
      const past = await queries.account('customer:1', { ...NOW, at: minute(minutes) });
      standings.push([past?.posted, past?.heldDebits]);
    }
    expect(standings).toEqual([
      [0n, 1_000n],
      [-300n, 1_000n],
      [-700n, 600n],
      [-1_200n, 0n],
      [-1_000n, 0n],
    ]);
  });

  test('before it was opened there was no account', async () => {
    const { queries } = await projectedLedger({ ledger: await busyLedger() });
    expect(await queries.account('customer:1', { ...NOW, at: minute(0) - 1 })).toBeUndefined();
    expect(await queries.account('nobody', NOW)).toBeUndefined();
  });

  test('its entries run in order with the balance, in pages', async () => {
    const { queries } = await projectedLedger({ ledger: await busyLedger() });
    const first = await queries.accountEntries('merchant:1', { ...PAGE, limit: 3 });
    const rest = await queries.accountEntries('merchant:1', { ...PAGE, after: first?.next ?? '' });
    const entries = [...(first?.items ?? []), ...(rest?.items ?? [])];
    expect(entries.map(({ amount, balance, paymentId }) => [amount, balance, paymentId])).toEqual([
      [300n, 300n, 'quick'],
      [400n, 700n, 'held'],
      [500n, 1_200n, 'held'],
      [-200n, 1_000n, 'held'],
    ]);
    expect(rest?.next).toBeUndefined();
    expect(await queries.accountEntries('nobody', PAGE)).toBeUndefined();
  });
});

describe('reading what is known of an entity', () => {
  test('a card has its payments, links, labels and list entries', async () => {
    const { queries } = await projectedLedger({ ledger: await busyLedger() });
    const card = await queries.entity({ kind: 'card', id: 'c_1' }, NOW);
    expect(card).toMatchObject({
      payments: 2,
      firstSeenAt: minute(0),
      lastSeenAt: minute(1),
      listEntries: [],
    });
    expect(card?.labels).toMatchObject([{ id: 'l_2' }]);
    expect(card?.links).toContainEqual({ kind: 'device', id: 'd_1', payments: 2 });
    expect(card?.links.some(({ kind }) => kind === 'card')).toBe(false);
  });

  test('a card has the counts of its windows, as of the newest time of the log', async () => {
    const ledger = await busyLedger();
    const { queries } = await projectedLedger({ ledger });
    const windows = (await queries.entity({ kind: 'card', id: 'c_1' }, NOW))?.windows;
    expect(Object.keys(windows?.counts ?? {})).toEqual(WINDOWS.map(({ name }) => name));
    expect(windows?.asOf).toBe(ledger.flow.records.at(-1)?.shardTime);
    expect(windows?.counts['30d']).toMatchObject({
      complete: true,
      attempts: 2,
      distinct: { device: 1, account: 1 },
    });
    expect(windows?.counts['1m']?.attempts).toBe(0);
  });

  test('windows end exactly where those of the features do', async () => {
    const ledger = await FlowLog.open();
    await ledger.run(at(minute(0), payOf({ id: 'p1', occurredAt: minute(0) }, { cardId: 'c' })));
    await ledger.run(at(minute(1), payOf({ id: 'p2', occurredAt: minute(1) }, { cardId: 'c' })));
    const { queries } = await projectedLedger({ ledger });
    const counts = (await queries.entity({ kind: 'card', id: 'c' }, NOW))?.windows?.counts;
    expect([counts?.['1m']?.attempts, counts?.['10m']?.attempts]).toEqual([1, 2]);
    expect(counts?.['10m']?.amounts).toEqual({ EUR: 10_000n });
    expect(ENTITY_WINDOWS).toEqual(WINDOWS.map(({ name, milliseconds }) => [name, milliseconds]));
  });

  test('a window that holds more payments than are counted says so, and a shorter one is complete', async () => {
    const ledger = await FlowLog.open();
    const pay = (id: string, time: number) => at(time, payOf({ id, occurredAt: time }, { cardId: 'c' }));
    const ids = Array.from({ length: 1_001 }, (_, number) => `p${number}`);
    await ledger.run(...ids.map((id) => pay(id, minute(0))));
    await ledger.run(pay('last', minute(5)));
    const { queries } = await projectedLedger({ ledger });
    const counts = (await queries.entity({ kind: 'card', id: 'c' }, NOW))?.windows?.counts;
    expect(counts?.['1m']).toMatchObject({ complete: true, attempts: 1 });
    expect(counts?.['10m']).toMatchObject({ complete: false, attempts: 1_000, amounts: { EUR: 5_000_000n } });
  });

  test('an entity that only a label or a list entry names shows those', async () => {
    const ledger = await FlowLog.open();
    const personal = sealPersonal({ entity: 'eh' }, () => SALT);
    const about = { entityKind: 'email', personal } as const;
    await ledger.run(at(minute(0), { ...entityLabel, ...about }));
    const { queries } = await projectedLedger({ ledger });
    const email = await queries.entity({ kind: 'email', id: 'eh' }, NOW);
    expect(email).toMatchObject({ labels: [{ id: 'l' }], links: [] });
    expect(email).not.toHaveProperty('payments');
  });

  test('an entity that no payment named is unknown', async () => {
    const { queries } = await projectedLedger({ ledger: await busyLedger() });
    expect(await queries.entity({ kind: 'card', id: 'c_2' }, NOW)).toBeUndefined();
  });
});

describe('reading lists and the log', () => {
  test('a list has the entries that still stand, with their values', async () => {
    const { queries } = await projectedLedger({ ledger: await busyLedger() });
    expect(await queries.listEntries('block', PAGE)).toMatchObject({
      items: [{ id: 'e_2', value: 'd_9', owner: 'token:1' }],
    });
    expect(await queries.listEntries('allow', PAGE)).toEqual({ items: [] });
  });

  test('the journal is every transaction in order, resumable to its end', async () => {
    const { ledger, queries } = await projectedLedger({ ledger: await busyLedger() });
    const first = await queries.journal({ ...PAGE, limit: 2 });
    const rest = await queries.journal({ ...PAGE, after: first.next ?? '' });
    expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual([1, 2, 3, 4]);
    expect((await queries.journal({ ...PAGE, after: rest.next ?? '' })).items).toEqual([]);
    expect(ledger.flow.state.ledger.counters.transactions).toBe(4);
  });

  test('the events come one by one and none is left out', async () => {
    const { ledger, queries } = await projectedLedger({ ledger: await busyLedger() });
    const types: string[] = [];
    let after: string | undefined;
    for (;;) {
      const { items, next } = await queries.events({
        ...PAGE,
        limit: 1,
        ...(after === undefined ? {} : { after }),
      });
      if (items.length === 0) break;
      types.push(...items.map(({ event }) => event.type));
      after = next;
    }
    expect(types).toEqual(ledger.flow.records.flatMap(({ events }) => events.map(({ type }) => type)));
  });
});

describe('following the log', () => {
  test('a read that needs a later position waits until it is reached', async () => {
    const projected = await projectedLedger();
    await projected.ledger.run(at(minute(0), payOf({ id: 'late' })));
    const waiting = projected.queries.payment('late', { seen: [1] });
    await projected.follow();
    expect((await waiting)?.facts.id).toBe('late');
  });

  test('a read that needs a position which does not come in time is told to come back', async () => {
    const { queries } = await projectedLedger({
      after: (_delayMs, callback) => {
        queueMicrotask(callback);
        return () => undefined;
      },
    });
    await expect(queries.payment('late', { seen: [1] })).rejects.toThrow(ProjectionBehindError);
  });

  test('a log that contradicts itself is not followed further, and what was read before is still told', async () => {
    const projected = await projectedLedger({ ledger: await busyLedger() });
    const { position } = projected.projection;
    const input = projected.projection.index.inputs + 1;
    const events = [{ type: 'PaymentVoided', paymentId: 'quick' }] as const;
    await projected.ledger.append([
      { input, shardTime: minute(9), actor: 'system', cause: 'VoidPayment', events },
    ]);
    await expect(projected.follow()).rejects.toThrow('payment quick has ended already');
    expect(projected.projection.position).toBe(position);
    expect(await projected.queries.payment('quick', NOW)).toMatchObject({ status: 'posted' });
  });

  test('read models of another format are thrown away and built again', async () => {
    const ledger = await busyLedger();
    const { store } = await projectedLedger({ ledger });
    await store.write({
      puts: [{ key: 'meta/version', value: new TextEncoder().encode('0.0') }],
      deletes: [],
    });
    const reasons: string[] = [];
    const again = await projectedLedger({ ledger, store, onRebuild: (reason) => reasons.push(reason) });
    expect(reasons).toEqual([expect.stringContaining('format 0.0')]);
    expect(again.projection.position).toBe((await ledger.log.head()).position);
  });

  test('after a restart at any checkpoint everything reads the same', async () => {
    const ledger = await busyLedger();
    const whole = await projectedLedger({ ledger, segmentRecords: 1_000 });
    const sealed = await projectedLedger({ ledger });
    const restarted = await projectedLedger({ ledger, store: sealed.store });
    expect(sealed.projection.checkpointPosition).toBeGreaterThan(0);
    const expected = await everythingRead(whole);
    expect(await everythingRead(sealed)).toEqual(expected);
    expect(await everythingRead(restarted)).toEqual(expected);
  });

  test('read models of another log are thrown away and built again', async () => {
    const sealed = await projectedLedger({ ledger: await busyLedger() });
    const reasons: string[] = [];
    const other = await projectedLedger({ store: sealed.store, onRebuild: (reason) => reasons.push(reason) });
    expect(reasons).toHaveLength(1);
    expect(other.projection.position).toBe(0);
    expect(await other.queries.payment('held', NOW)).toBeUndefined();
  });
});

describe('an erasure', () => {
  async function eraseFirstPayment(projected: ProjectedLedger): Promise<void> {
    const { log, flow } = projected.ledger;
    await log.erasePersonal([1], () => null);
    await projected.ledger.run(
      at(minute(10), { type: 'RecordErasure', reason: 'asked for', parts: [{ position: 1, record: 0 }] }),
    );
    expect(flow.records.at(-1)?.events[0]?.type).toBe('PersonalDataErased');
    await projected.follow();
  }

  test.for([2, 1_000])(
    'takes the payment out of searches by what was erased (segments of %d)',
    async (segmentRecords) => {
      const projected = await projectedLedger({ ledger: await busyLedger(), segmentRecords });
      const { queries } = projected;
      expect((await queries.searchPayments({ ...PAGE, card: 'c_1' })).items).toHaveLength(2);
      await eraseFirstPayment(projected);
      const { items } = await queries.searchPayments({ ...PAGE, card: 'c_1' });
      expect(items.map(({ facts }) => facts.id)).toEqual(['quick']);
      expect((await queries.searchPayments({ ...PAGE, account: 'customer:1' })).items).toHaveLength(2);
      const erased = await queries.payment('held', NOW);
      expect(erased?.erased).toBe(true);
      expect(erased?.personal).toBeUndefined();
      expect((await queries.entity({ kind: 'card', id: 'c_1' }, NOW))?.payments).toBe(1);
    },
  );
});
