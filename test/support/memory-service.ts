/**
 * The two ports behind the HTTP server, over the real payment flow in memory: commands are decided in
 * batches of what came in one turn, and reads show what was decided.
 */
import type { CommandEnvelope, Pay } from '#src/domain/commands.ts';
import { decodePersonalContent } from '#src/domain/encoding/row-codec.ts';
import type { DecisionRecord } from '#src/domain/decision.ts';
import { settlementOf, type PaymentState } from '#src/domain/ledger/payment-state.ts';
import type { CommandGateway, GatewayReply, Readiness, Unavailability } from '#src/ports/command-gateway.ts';
import { CursorInvalidError } from '#src/ports/ledger-queries.ts';
import type { LedgerQueries, LogPage, Page, PageOptions } from '#src/ports/ledger-queries.ts';
import type { AccountView, EventView, ListEntryView, PaymentView } from '#src/ports/ledger-views.ts';
import type { FlowHarness } from '#test/support/flow-harness.ts';
import { flowHarness } from '#test/support/flow-harness.ts';

type OnReply = (reply: GatewayReply) => void;

export class MemoryService implements CommandGateway {
  readonly harness: FlowHarness = flowHarness({ openOnFirstUse: true });
  readonly payments = new Map<string, { readonly command: Pay; readonly receivedAt: number }>();
  readonly envelopes: CommandEnvelope[] = [];
  readonly #listeners = new Set<(position: number) => void>();
  #waiting: { readonly envelope: CommandEnvelope; readonly onReply: OnReply }[] = [];
  #position = 0;
  #held = false;
  /** Every command is answered so while it is set. */
  unavailable: Unavailability | undefined;
  ready: Readiness = { ready: true };

  readonly submit = (envelope: CommandEnvelope, onReply: OnReply): void => {
    this.envelopes.push(envelope);
    this.#waiting.push({ envelope, onReply });
    if (this.#waiting.length === 1 && !this.#held) setImmediate(() => void this.#flush());
  };

  readonly readiness = (): Readiness => this.ready;

  /** Until it is released nothing is answered. */
  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    void this.#flush();
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  async #flush(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    if (this.unavailable !== undefined) {
      const cause = this.unavailable;
      for (const { onReply } of batch) onReply({ type: 'unavailable', cause });
      return;
    }
    const answers = await this.harness.run(batch.map(({ envelope }) => envelope));
    this.#position += 1;
    for (const { envelope } of batch) this.#remember(envelope);
    for (const listener of this.#listeners) listener(this.#position);
    for (const [index, { onReply }] of batch.entries()) {
      const answer = answers[index];
      if (answer !== undefined)
        onReply({ type: 'answered', answer, place: { shard: 0, position: this.#position } });
    }
  }

  #remember({ command, receivedAt }: CommandEnvelope): void {
    if (command.type !== 'Pay' || this.payments.has(command.facts.id)) return;
    this.payments.set(command.facts.id, { command, receivedAt });
  }

  readonly queries: LedgerQueries = {
    payment: (id) => Promise.resolve(this.#payment(id)),
    searchPayments: (search) => {
      const all = [...this.payments.keys()].toReversed().flatMap((id) => this.#payment(id) ?? []);
      const found = all.filter(
        ({ facts, status }) =>
          (search.account === undefined || facts.debtor === search.account) &&
          (search.status === undefined || status === search.status) &&
          (search.from === undefined || facts.occurredAt >= search.from) &&
          (search.to === undefined || facts.occurredAt < search.to),
      );
      const page = pageOf(found, search);
      return Promise.resolve({ ...page, cursors: page.items.map(({ facts }) => facts.id) });
    },
    account: (id) => Promise.resolve(this.#account(id)),
    accountEntries: (id, options) => {
      if (this.harness.accounts.get(id) === undefined) return Promise.resolve(undefined);
      return Promise.resolve(pageOf([], options));
    },
    entity: ({ kind, id }) =>
      Promise.resolve({
        kind,
        id,
        firstSeenAt: 0,
        lastSeenAt: 0,
        payments: 1,
        links: [],
        labels: [],
        listEntries: [],
      }),
    listEntries: (list, options) => Promise.resolve(pageOf<ListEntryView>(this.#listEntries(list), options)),
    subject: ({ id }) =>
      Promise.resolve({
        parts: Array.from({ length: id === 'c_9f2' ? 300 : 0 }, (_, at) => ({ position: at + 1, record: 0 })),
        standing: [{ list: 'block', id: 'entry_1' }],
      }),
    tokens: () => Promise.resolve([]),
    journal: (options) => Promise.resolve(logPageOf([], options)),
    events: (options) => Promise.resolve(logPageOf(this.#events(), options)),
    position: () => this.#position,
    onPosition: (listener) => {
      this.#listeners.add(listener);
      return () => void this.#listeners.delete(listener);
    },
  };

  #payment(id: string): PaymentView | undefined {
    const stored = this.payments.get(id);
    const state = this.harness.payments.get(id);
    if (stored === undefined || state === undefined) return undefined;
    const { facts, personal } = stored.command;
    const content = personal && decodePersonalContent(personal).payment;
    return {
      facts,
      ...(content && { personal: content }),
      erased: false,
      receivedAt: stored.receivedAt,
      ...standing(state),
      decisions: this.#decisions(id),
      details: { vector: new Float32Array([facts.amount]), labels: [], history: [] },
    };
  }

  #decisions(paymentId: string): DecisionRecord[] {
    return this.#events().flatMap(({ event }) =>
      event.type === 'PaymentDecided' && event.paymentId === paymentId ? [event.decision] : [],
    );
  }

  #account(id: string): AccountView | undefined {
    const account = this.harness.accounts.get(id);
    if (account === undefined) return undefined;
    const { overdraftLimit, ...shown } = account;
    const available = account.posted - account.heldDebits;
    return { ...shown, available, ...(overdraftLimit !== undefined && { overdraftLimit }) };
  }

  #listEntries(list: string): ListEntryView[] {
    return this.envelopes.flatMap(({ command, actor }) =>
      command.type === 'AddListEntry' && command.list === list
        ? [{ id: command.entryId, list, kind: command.kind, reason: command.reason, owner: actor }]
        : [],
    ) as ListEntryView[];
  }

  #events(): EventView[] {
    return this.harness.records.flatMap(({ input, shardTime, actor, cause, events }) =>
      events.map((event, index) => ({ position: input, index, input, at: shardTime, actor, cause, event })),
    );
  }
}

function standing(payment: Readonly<PaymentState>) {
  const { status, awaiting, until, captured, reversed, version } = payment;
  const settlement = settlementOf(payment);
  return {
    status,
    ...(awaiting && { awaiting }),
    ...(until !== undefined && { until }),
    capturedAmount: captured,
    reversedAmount: reversed,
    ...(settlement && { settlement }),
    returnedAmount: payment.returned,
    pendingReversals: payment.pendingReversals,
    idConflict: payment.idConflict !== undefined,
    version,
  };
}

/** Cursors are offsets. */
function pageOf<Item>(items: readonly Item[], { after, limit }: PageOptions): Page<Item> {
  const start = Number(after ?? 0);
  if (!Number.isInteger(start)) throw new CursorInvalidError('not an offset');
  const next = start + limit;
  return { items: items.slice(start, next), ...(next < items.length && { next: String(next) }) };
}

/** Cursors are offsets behind a word, and a page of none moves nowhere. */
function logPageOf<Item>(items: readonly Item[], { after, limit }: PageOptions): LogPage<Item> {
  const start = Number(after?.slice(CURSOR.length) ?? 0);
  if (after?.startsWith(CURSOR) === false) throw new CursorInvalidError('not a cursor of a log');
  const shown = items.slice(start, start + limit);
  const cursors = shown.map((_, index) => `${CURSOR}${start + index + 1}`);
  return { items: shown, cursors, next: cursors.at(-1) ?? `${CURSOR}${start}` };
}

const CURSOR = 'log.';
