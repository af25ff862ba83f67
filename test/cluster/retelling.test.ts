import { describe, expect, test } from 'vitest';
import { decodeRow, encodeRow } from '#src/domain/encoding/row-codec.ts';
import type { CommandRecord, LedgerEvent } from '#src/domain/events.ts';
import { memoryTable } from '#src/domain/ledger/ledger-state.ts';
import { shardOfAccount } from '#src/domain/shard-place.ts';
import { differingAccounts } from '#src/cluster/retelling/compare-accounts.ts';
import { openedAccount, type Account } from '#src/domain/account.ts';
import { sealRow } from '#src/journal/hash-chain.ts';
import { EMPTY_HEAD, type LogRow } from '#src/ports/event-log.ts';
import { auditOf, OLD_LEDGER, retell } from '#test/support/retold-ledger.ts';

const SHARDS = 3;
const MINUTE_MS = 60_000;
const DIGEST = new Uint8Array(32);

function rowOf(...records: readonly (readonly LedgerEvent[])[]): LogRow {
  const written = records.map((events, index): CommandRecord => {
    return { input: index + 1, shardTime: index * MINUTE_MS, actor: 'system', cause: 'Test', events };
  });
  return sealRow({ identity: OLD_LEDGER, head: EMPTY_HEAD, body: encodeRow(written), personal: null });
}

const OPENED: LedgerEvent = { type: 'LedgerOpened', ledgerId: 'old', software: 'test', assets: {} };
const LISTED: LedgerEvent = {
  type: 'ListEntryAdded',
  entryId: 'e_1',
  list: 'block',
  kind: 'card',
  reason: 'stolen',
  owner: 'token:1',
  personalDigest: DIGEST,
};
const SIGNAL: LedgerEvent = {
  type: 'SignalRecorded',
  signalId: 's_1',
  kind: 'login',
  occurredAt: 0,
  account: 'customer:1',
  bodyDigest: DIGEST,
  personalDigest: DIGEST,
};
const NO_ACCOUNTS = { accounts: memoryTable<Account>() };

describe('a log told to three shards', () => {
  test('says of what was erased in every shard that has it where it stands there', () => {
    const parts = [1, 2].map((record) => ({ position: 1, record }));
    const erased: LedgerEvent = { type: 'PersonalDataErased', reason: 'asked for', parts };
    const retold = retell([rowOf([OPENED], [LISTED], [SIGNAL], [erased])], NO_ACCOUNTS, SHARDS);
    expect(auditOf(retold)).toEqual([]);
    const named = retold.rows.map((rows) => rows.flatMap(eventsOf).filter(isErasure).flatMap(partsOf).length);
    const owner = shardOfAccount('customer:1', SHARDS);
    expect(named).toEqual([0, 1, 2].map((shard) => (shard === owner ? 2 : 1)));
  });

  test('is not told when something is gone that was never erased', () => {
    expect(() => retell([rowOf([OPENED], [SIGNAL])], NO_ACCOUNTS, SHARDS)).toThrow(
      'is gone and was not erased',
    );
  });

  test('is found out where the accounts are not those of the ledger before', () => {
    const accounts = memoryTable<Account>();
    accounts.add('customer:1', account('customer:1', 7n));
    expect(auditOf(retell([rowOf([OPENED])], { accounts }, SHARDS))).toEqual([
      'EUR: the ledger old had 1 accounts with 7 and 0 on hold here, and there are 0 accounts with 0 and 0 on hold',
    ]);
  });

  test('is the ledger of its new id in each of them', () => {
    const { rows } = retell([rowOf([OPENED])], NO_ACCOUNTS, SHARDS);
    for (const each of rows) {
      const [opened, began] = each.flatMap(eventsOf);
      expect(opened).toEqual({ ...OPENED, ledgerId: 'new' });
      expect(began).toMatchObject({ type: 'GenerationBegan', ledgerId: 'old', position: 1 });
    }
  });
});

describe('accounts before and after', () => {
  test('differ where one stands elsewhere, is missing or is too many', () => {
    const before = [account('a', 1n), account('b', 2n)];
    expect(differingAccounts(before, [account('a', 1n), account('b', 2n)])).toEqual([]);
    expect(differingAccounts(before, [account('a', 2n), account('c', 0n)])).toEqual([
      'account a was open at 1, 0 on hold, 0 owed and is open at 2, 0 on hold, 0 owed',
      'account c was not there and is open at 0, 0 on hold, 0 owed',
      'account b is not there',
    ]);
  });

  test('of the ledger itself are the same when they add up to the same', () => {
    const before = [account('vouch:suspense:EUR', 5n)];
    const after = [account('vouch:suspense:EUR', 2n), account('vouch:suspense:EUR', 3n)];
    expect(differingAccounts(before, after)).toEqual([]);
    expect(differingAccounts(before, after.slice(1))).toEqual([
      'vouch:suspense:EUR differs by 2 in all shards together',
    ]);
  });
});

function account(id: string, posted: bigint): Account {
  const rules = { asset: 'EUR', overdraft: 'allowed', overdraftLimit: undefined } as const;
  return { ...openedAccount({ id, ...rules, openedAt: 0, bodyDigest: DIGEST }), posted };
}

function eventsOf({ body }: LogRow): readonly LedgerEvent[] {
  return decodeRow(body).flatMap(({ events }) => events);
}

type Erasure = Extract<LedgerEvent, { type: 'PersonalDataErased' }>;

function isErasure(event: LedgerEvent): event is Erasure {
  return event.type === 'PersonalDataErased';
}

function partsOf({ parts }: Erasure): Erasure['parts'] {
  return parts;
}
