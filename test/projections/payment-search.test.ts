import { beforeAll, describe, expect, test } from 'vitest';
import type { PaymentSearch } from '#src/ports/ledger-queries.ts';
import { CursorInvalidError } from '#src/ports/ledger-queries.ts';
import { at, FlowLog, minute } from '#test/support/flow-log.ts';
import { FlowInMemory, payOf, steeredScorer } from '#test/support/flow-setup.ts';
import { NOW, PAGE, projectedLedger, type ProjectedLedger } from '#test/support/projected-ledger.ts';

/** Ten payments, one a minute; the fourth and the eighth are denied. */
async function tenPayments(): Promise<ProjectedLedger> {
  let scored = 0;
  const scorer = steeredScorer(() => (++scored % 4 === 0 ? 0.99 : 0.01));
  const ledger = await FlowLog.open(new FlowInMemory({}, scorer));
  for (let number = 1; number <= 10; number++) {
    const facts = {
      id: `pay_${number}`,
      occurredAt: minute(number),
      debtor: number % 2 === 0 ? 'customer:even' : 'customer:odd',
      creditor: number <= 5 ? 'merchant:low' : 'merchant:high',
      group: `order_${Math.ceil(number / 2)}`,
      references: { order: `A-${number}`, provider: `pi_${number}` },
    };
    const personal = {
      cardId: `c_${number % 3}`,
      device: { id: `d_${number % 5}` },
      ip: `10.0.0.${number % 2}`,
    };
    await ledger.run(at(minute(number), payOf(facts, personal)));
  }
  return projectedLedger({ ledger });
}

describe('searching payments', () => {
  let projected: ProjectedLedger;
  beforeAll(async () => {
    projected = await tenPayments();
  });

  async function found(search: Partial<PaymentSearch>): Promise<number[]> {
    const { items } = await projected.queries.searchPayments({ ...PAGE, ...search });
    return items.map(({ facts }) => Number(facts.id.slice('pay_'.length)));
  }

  test.for<[string, Partial<PaymentSearch>, number[]]>([
    ['nothing, newest first', {}, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]],
    ['the debtor', { account: 'customer:even' }, [10, 8, 6, 4, 2]],
    ['the creditor', { creditor: 'merchant:low' }, [5, 4, 3, 2, 1]],
    ['the card', { card: 'c_0' }, [9, 6, 3]],
    ['the device', { device: 'd_1' }, [6, 1]],
    ['the address', { ip: '10.0.0.1' }, [9, 7, 5, 3, 1]],
    ['a reference of any kind', { reference: 'pi_7' }, [7]],
    ['the group', { group: 'order_2' }, [4, 3]],
    ['the status', { status: 'denied' }, [8, 4]],
    ['the outcome', { outcome: 'approve', creditor: 'merchant:low' }, [5, 3, 2, 1]],
    ['the time, its end excluded', { from: minute(3), to: minute(5) }, [4, 3]],
    ['several things at once', { account: 'customer:even', card: 'c_1', status: 'denied' }, [4]],
    ['what no payment has', { card: 'c_9' }, []],
    ['an unknown status', { status: 'lost' }, []],
  ])('by %s', async ([, search, expected]) => {
    expect(await found(search)).toEqual(expected);
  });

  test('pages with a cursor give each payment once', async () => {
    const pages: number[][] = [];
    let after: string | undefined;
    do {
      const search = {
        ...PAGE,
        limit: 2,
        account: 'customer:odd',
        ...(after === undefined ? {} : { after }),
      };
      const { items, next } = await projected.queries.searchPayments(search);
      pages.push(items.map(({ facts }) => facts.amount));
      after = next;
    } while (after !== undefined);
    expect(pages.flat()).toHaveLength(5);
  });

  test('a cursor of other pages is refused', async () => {
    const { next } = await projected.queries.journal({ ...PAGE, limit: 1 });
    const search = { ...PAGE, after: next ?? '' };
    await expect(projected.queries.searchPayments(search)).rejects.toThrow(CursorInvalidError);
  });

  test('what is found has the personal part and the decisions', async () => {
    const { items } = await projected.queries.searchPayments({ ...PAGE, reference: 'A-4' });
    expect(items).toMatchObject([
      {
        status: 'denied',
        erased: false,
        personal: { cardId: 'c_1' },
        decisions: [{ number: 1, outcome: 'deny' }],
      },
    ]);
    expect(items[0]?.details).toBeUndefined();
  });

  test('a payment that changes is found by what it is now', async () => {
    const held = await projectedLedger({ ledger: await FlowLog.open() });
    await held.ledger.run(at(minute(0), payOf({ id: 'held', capture: 'manual' })));
    for (let number = 0; number < 5; number++)
      await held.ledger.run(at(minute(1), payOf({ id: `pay_${number}` })));
    await held.follow();
    const pending = { ...PAGE, status: 'pending' };
    expect((await held.queries.searchPayments(pending)).items).toHaveLength(1);
    await held.ledger.run(at(minute(2), { type: 'VoidPayment', paymentId: 'held' }));
    await held.follow();
    expect((await held.queries.searchPayments(pending)).items).toEqual([]);
    expect((await held.queries.searchPayments({ ...PAGE, status: 'voided' })).items).toMatchObject([
      { facts: { id: 'held' }, status: 'voided' },
    ]);
    expect(await held.queries.payment('held', NOW)).toMatchObject({ status: 'voided' });
  });
});
