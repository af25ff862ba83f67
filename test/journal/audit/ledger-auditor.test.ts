import { describe, expect, test } from 'vitest';
import { encodePersonalParts, encodeRow, type PersonalParts } from '#src/domain/encoding/row-codec.ts';
import type { CommandRecord, LedgerEvent } from '#src/domain/events.ts';
import { sealPersonal } from '#src/ingest/seal-personal.ts';
import { LedgerAuditor } from '#src/journal/audit/ledger-auditor.ts';
import { at, FlowLog, minute } from '#test/support/flow-log.ts';
import { payOf } from '#test/support/flow-setup.ts';
import { readAll } from '#test/support/event-log/log-rows.ts';
import type { LogRow } from '#src/ports/event-log.ts';

const HASH = new Uint8Array(32);

function rowOf(records: readonly CommandRecord[], personal: PersonalParts = new Map()): LogRow {
  const body = encodeRow(records);
  return { position: 1, previousHash: HASH, hash: HASH, body, personal: encodePersonalParts(personal) };
}

/** An automatic payment that is posted, one that is held for capture, and what opens their accounts. */
async function honestRecords(): Promise<readonly CommandRecord[]> {
  const ledger = await FlowLog.open();
  await ledger.run(
    at(minute(0), payOf({ id: 'posted' })),
    at(minute(0), payOf({ id: 'held', capture: 'manual' })),
    at(minute(0), {
      type: 'ReversePayment',
      paymentId: 'posted',
      reversalId: 'r_1',
      amount: 100,
      kind: 'refund',
    }),
  );
  return ledger.flow.records;
}

type Change = (event: LedgerEvent) => LedgerEvent | undefined;

/** What the auditor says of the honest records once `change` went over their events; undefined drops one. */
async function findingsAfter(change: Change): Promise<readonly string[]> {
  const records = (await honestRecords()).map((record) => ({
    ...record,
    events: record.events.flatMap((event) => change(event) ?? []),
  }));
  return new LedgerAuditor().inspect(rowOf(records));
}

function changing<Type extends LedgerEvent['type']>(
  type: Type,
  change: (event: LedgerEvent & { type: Type }) => LedgerEvent | undefined,
): Change {
  return (event) => (event.type === type ? change(event as LedgerEvent & { type: Type }) : event);
}

describe('auditing an honest ledger', () => {
  test('nothing is found, and everything is counted', async () => {
    const records = await honestRecords();
    const auditor = new LedgerAuditor();
    expect(auditor.inspect(rowOf(records))).toEqual([]);
    expect(auditor.counts).toEqual({
      events: records.flatMap(({ events }) => events).length,
      payments: 2,
      entries: 4,
      erased: 0,
    });
  });
});

describe('auditing a ledger that was tampered with before it was hashed', () => {
  test.for<[string, Change, RegExp]>([
    [
      'a posting with another amount',
      changing('PaymentPosted', (event) => {
        const [debit, credit] = event.transaction.postings;
        if (!debit || !credit) return event;
        const postings = [debit, { ...credit, amount: credit.amount + 1n }];
        return { ...event, transaction: { ...event.transaction, postings } };
      }),
      /does not balance: 1 EUR/,
    ],
    [
      'a running balance that is wrong',
      changing('PaymentPosted', (event) => {
        const postings = event.transaction.postings.map((each) => ({ ...each, balance: each.balance + 5n }));
        return { ...event, transaction: { ...event.transaction, postings } };
      }),
      /the balance is -5000, the entry says -4995/,
    ],
    [
      'a transaction without an approval',
      changing('PaymentPosted', (event) => ({
        ...event,
        transaction: { ...event.transaction, approval: { kind: 'policy', ref: '' } },
      })),
      /names no approval/,
    ],
    [
      'a transaction that is gone',
      changing('PaymentPosted', () => undefined),
      /transaction 2 stands where 1 should/,
    ],
    ['a payment that never ends', changing('PaymentPosted', () => undefined), /posted waits for nothing/],
    ['a held payment without an end', changing('PaymentAwaits', () => undefined), /held waits for nothing/],
    [
      'a second end',
      changing('PaymentAwaits', ({ paymentId }) => ({
        type: 'PaymentVoided',
        paymentId: paymentId === 'held' ? 'posted' : paymentId,
      })),
      /posted has ended already: posted/,
    ],
    [
      'an id that is used twice',
      changing('PaymentReceived', (event) => ({ ...event, facts: { ...event.facts, id: 'posted' } })),
      /payment posted is received twice/,
    ],
    [
      'a payment that the debtor could not bear',
      changing('AccountOpened', (event) => ({ ...event, overdraft: 'forbidden' })),
      /reserves funds that account customer:1 does not have: 5000/,
    ],
    [
      'an account that was never opened',
      changing('AccountOpened', () => undefined),
      /account customer:1 was never opened/,
    ],
    [
      'a hold with another number',
      changing('PaymentReceived', (event) => ({ ...event, hold: 7 })),
      /hold 7 stands where 1 should/,
    ],
    [
      'more going back than was captured',
      changing('PaymentReversed', (event) => ({ ...event, amount: 5_001 })),
      /5001 of 5000 went back/,
    ],
    [
      'an expiry before its time',
      changing('PaymentReversed', () => ({ type: 'PaymentExpired', paymentId: 'held', awaiting: 'capture' })),
      /held expires before its time/,
    ],
  ])('%s is found', async ([, change, finding]) => {
    expect(await findingsAfter(change)).toContainEqual(expect.stringMatching(finding));
  });

  test('inputs that leave something out are found', async () => {
    const [, ...records] = await honestRecords();
    expect(new LedgerAuditor().inspect(rowOf(records))).toContain('input 2 stands where 1 should');
  });

  test('a time that goes back is found', async () => {
    const [first, ...others] = await honestRecords();
    const late = first ? [{ ...first, shardTime: minute(9) }, ...others] : [];
    expect(new LedgerAuditor().inspect(rowOf(late))).toContain('shard time goes back at input 2');
  });

  test('a row of another encoding is said, not thrown', () => {
    const row = { ...rowOf([]), body: Uint8Array.of(99) };
    expect(new LedgerAuditor().inspect(row)).toEqual([expect.stringContaining('version 99 is not known')]);
  });

  test('a row that is cut off is said, not thrown', async () => {
    const { body } = rowOf(await honestRecords());
    const row = { ...rowOf([]), body: body.subarray(0, body.length - 3) };
    expect(new LedgerAuditor().inspect(row)).toEqual([expect.stringContaining('cannot be read')]);
  });
});

describe('auditing personal parts', () => {
  async function rowsWithPersonal(): Promise<{ ledger: FlowLog; rows: readonly LogRow[] }> {
    const ledger = await FlowLog.open();
    await ledger.run(at(minute(0), payOf({ id: 'one' }, { cardId: 'c_1' })));
    return { ledger, rows: await readAll(ledger.log) };
  }

  function audit(rows: readonly LogRow[]) {
    const auditor = new LedgerAuditor();
    const details = rows.flatMap((row) => [...auditor.inspect(row)]);
    return { details, atEnd: [...auditor.findingsAtEnd()], erased: auditor.counts.erased };
  }

  test('one that was changed is found', async () => {
    const { rows } = await rowsWithPersonal();
    const other = sealPersonal({ payment: { cardId: 'c_2' } }, () => new Uint8Array(16));
    const changed = rows.map((row) => ({ ...row, personal: encodePersonalParts(new Map([[0, other]])) }));
    expect(audit(changed).details).toEqual(['the personal part of record 0 was changed']);
  });

  test('one that is gone without an erasure is found at the end', async () => {
    const { rows } = await rowsWithPersonal();
    const { details, atEnd } = audit(rows.map((row) => ({ ...row, personal: null })));
    expect(details).toEqual([]);
    expect(atEnd).toEqual([
      { position: 1, detail: 'the personal part of record 1/0 is gone and was never erased' },
    ]);
  });

  test('one that an erasure names and that is gone is counted', async () => {
    const { ledger } = await rowsWithPersonal();
    await ledger.run(
      at(minute(1), { type: 'RecordErasure', reason: 'asked', parts: [{ position: 1, record: 0 }] }),
    );
    await ledger.log.erasePersonal([1], () => null);
    expect(audit(await readAll(ledger.log))).toEqual({ details: [], atEnd: [], erased: 1 });
  });

  test('one that an erasure names and that is still there is found', async () => {
    const { ledger } = await rowsWithPersonal();
    await ledger.run(
      at(minute(1), { type: 'RecordErasure', reason: 'asked', parts: [{ position: 1, record: 0 }] }),
    );
    expect(audit(await readAll(ledger.log)).atEnd).toMatchObject([
      { position: 1, detail: 'the personal part of record 1/0 was erased and is still there' },
    ]);
  });
});
