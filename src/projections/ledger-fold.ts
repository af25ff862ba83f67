/**
 * The ledger's own fold over the events, kept by account and by payment for reads. What events do is
 * `evolve`'s to say; this adds which records changed a payment, and how an account stood before.
 */
import type { Account } from '#src/domain/account.ts';
import { ByteReader } from '#src/domain/encoding/byte-reader.ts';
import { ByteWriter } from '#src/domain/encoding/byte-writer.ts';
import type { CommandRecord } from '#src/domain/events.ts';
import { evolve } from '#src/domain/ledger/evolve.ts';
import { emptyCounters, type LedgerState, type Table } from '#src/domain/ledger/ledger-state.ts';
import type { PaymentState } from '#src/domain/ledger/payment-state.ts';
import type { BufferedStore } from './buffered-store.ts';
import { FoldTable } from './fold-table.ts';
import {
  ACCOUNT_PREFIX,
  accountRow,
  isSameStanding,
  PAYMENT_PREFIX,
  pastStanding,
  paymentRow,
  standingKey,
  standingOf,
  type AccountRow,
  type PastStanding,
  type PaymentRow,
} from './projected-rows.ts';

const NO_KEYS = new Uint8Array();
const STANDING_BYTES = 128;

export class LedgerFold {
  readonly #store: BufferedStore;
  readonly #accounts: FoldTable<AccountRow>;
  readonly #payments: FoldTable<PaymentRow>;
  readonly #state: LedgerState;
  readonly #writer = new ByteWriter(STANDING_BYTES);
  #standings = 0;

  constructor(store: BufferedStore) {
    this.#store = store;
    this.#accounts = new FoldTable({ prefix: ACCOUNT_PREFIX, codec: accountRow, store });
    this.#payments = new FoldTable({ prefix: PAYMENT_PREFIX, codec: paymentRow, store });
    this.#state = {
      accounts: accountsOf(this.#accounts),
      payments: paymentsOf(this.#payments),
      receipts: NOT_PROJECTED,
      directory: NOT_PROJECTED,
      /** Written by the fold and read by nobody here: numbers are given out by the shard. */
      counters: emptyCounters(),
    };
  }

  /** Rows of its own that a store has when this fold began with nothing. */
  get storedRows(): number {
    return this.#accounts.added + this.#payments.added + this.#standings;
  }

  account(id: string): Readonly<AccountRow> | undefined {
    return this.#accounts.get(id);
  }

  payment(id: string): Readonly<PaymentRow> | undefined {
    return this.#payments.get(id);
  }

  /** Applies the record, and gives the payments that it changed. @throws Error when it contradicts the ones before. */
  apply(record: CommandRecord, position: number): readonly PaymentRow[] {
    const context = { shardTime: record.shardTime, position, entityKeys: NO_KEYS };
    for (const event of record.events) evolve(this.#state, event, context);
    this.#keepStandings(record.input);
    return this.#changedPayments(record.input);
  }

  /** How the account stood after that record; undefined when it was not open yet. */
  standingAt(id: string, input: number): PastStanding | undefined {
    const row = this.#accounts.get(id);
    if (!row) return undefined;
    let from = 0;
    let to = row.standings;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.#standing(id, middle).input <= input) from = middle + 1;
      else to = middle;
    }
    return from === 0 ? undefined : this.#standing(id, from - 1);
  }

  /** A step of a checkpoint: true once everything that changed is handed to the store. */
  flushSome(count: number): boolean {
    return this.#accounts.flushSome(count) && this.#payments.flushSome(count);
  }

  #keepStandings(input: number): void {
    for (const id of this.#accounts.touched) {
      const row = this.#accounts.edit(id);
      const { account } = row;
      if (row.standings > 0 && isSameStanding(account, row.standing)) continue;
      row.standing = standingOf(account);
      this.#writer.reset();
      pastStanding.write(this.#writer, { ...row.standing, input });
      this.#store.put(standingKey(id, row.standings++), this.#writer.toBytes());
      this.#standings++;
    }
    this.#accounts.touched.clear();
  }

  #changedPayments(input: number): PaymentRow[] {
    const changed: PaymentRow[] = [];
    for (const id of this.#payments.touched) {
      const row = this.#payments.edit(id);
      row.inputs.push(input);
      changed.push(row);
    }
    this.#payments.touched.clear();
    return changed;
  }

  #standing(account: string, number: number): PastStanding {
    const bytes = this.#store.get(standingKey(account, number));
    if (!bytes) throw new Error(`standing ${number} of account ${account} is missing`);
    return pastStanding.read(new ByteReader(bytes));
  }
}

function accountsOf(rows: FoldTable<AccountRow>): Table<Account> {
  return {
    get: (id) => rows.get(id)?.account,
    edit: (id) => rows.edit(id).account,
    add: (id, account) => rows.add(id, { account, standings: 0, standing: standingOf(account) }),
  };
}

function paymentsOf(rows: FoldTable<PaymentRow>): Table<PaymentState> {
  return {
    get: (id) => rows.get(id)?.state,
    edit: (id) => rows.edit(id).state,
    add: (id, state) => rows.add(id, { state, inputs: [] }),
  };
}

/** Which ids were used, and where, matters to the shard alone. */
const NOT_PROJECTED: Table<never> = {
  get: () => undefined,
  edit: (id) => {
    throw new Error(`ids are not projected: ${id}`);
  },
  add: () => undefined,
};
