/**
 * One shard: the single writer of its ledger. It takes what has arrived as one batch, decides it,
 * makes it durable, then answers; what arrives meanwhile is the next batch.
 *
 * After any failure at commit the outcome is unknown: nothing is answered but "unavailable", all
 * state is thrown away, and the log is opened again and read back before anything goes on.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Answer } from '#src/domain/answer.ts';
import type { Command, CommandEnvelope } from '#src/domain/commands.ts';
import type { TokenCreated } from '#src/domain/shared-fact.ts';
import { inTransitBalances } from './in-transit-balances.ts';
import { outgoingMessages } from '#src/domain/encoding/outgoing-messages.ts';
import { encodePersonalParts, encodeRow, type RowInputs } from '#src/domain/encoding/row-codec.ts';
import { MessageGapError } from '#src/domain/ledger/receive-message.ts';
import { paymentChanges } from '#src/domain/payment-change.ts';
import type { PaymentState } from '#src/domain/ledger/payment-state.ts';
import { sealRow } from '#src/journal/hash-chain.ts';
import type { Deadline } from '#src/pending/deadline-queue.ts';
import type { Readiness, Unavailability } from '#src/ports/command-gateway.ts';
import { EventLogError } from '#src/ports/event-log-error.ts';
import type { LogHead } from '#src/ports/event-log.ts';
import type { ShardReport } from '#src/ports/shard-report.ts';
import { needsStored, type StoredPayment } from './decide-again.ts';
import { eraseNow, partsErasedBy } from './erase-parts.ts';
import type { OpenShard, ShardResources } from './open-shard.ts';
import type { BatchResult } from './payment-flow.ts';
import { ShardTally } from './shard-tally.ts';
import { readStoredPayment } from './stored-payment.ts';

/** Larger batches gain nothing more and make the first of them wait. */
export const BATCH_MAX = 1_024;
/** A broker takes rows up to a size; a row is at most a few times as long as its commands. */
const BATCH_BYTES_MAX = 1024 * 1024;
/** Deadlines handled in one batch, so that a flood of them does not push payments aside. */
const DUE_MAX = 256;
/** Held payments scored again in one batch; after one that is still degraded, none for a while. */
const RESCORE_MAX = 32;
const RESCORE_PAUSE_MS = 1_000;
/** A look at the clock at least so often. */
const IDLE_WAIT_MS = 250;
const RETRY_FIRST_MS = 100;
const RETRY_MAX_MS = 5_000;

export type ShardReply =
  | { readonly type: 'answered'; readonly answers: readonly Answer[]; readonly position: number }
  | { readonly type: 'unavailable'; readonly cause: Unavailability; readonly count: number };

/** Called for commands of one source in the order in which they were submitted, some at a time. */
export type ReplyTo = (reply: ShardReply) => void;

/** A command that stands in a topic. */
export interface FedCommand {
  readonly envelope: CommandEnvelope;
  readonly topic: keyof RowInputs;
  /** The offset behind it. */
  readonly next: number;
  /** Of its record. */
  readonly bytes: number;
}

interface QueuedCommand extends Partial<FedCommand> {
  readonly envelope: CommandEnvelope;
  readonly replyTo: ReplyTo;
}

export interface ShardDeps {
  readonly open: OpenShard;
  /** Submits what has arrived and was not submitted yet, so that it is in the next batch. */
  readonly collect: () => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A batch was answered; the log goes to `head`. */
  readonly onBatch: (head: LogHead, report: () => ShardReport) => void;
  /** What was taken in and not answered is given up; a shard that is fed is fed again from `onOpened` on. */
  readonly onFailure: (error: unknown) => void;
  readonly onReadiness: (readiness: Readiness) => void;
  /** It stands at this row; `inputs` say where a shard that is fed goes on reading. */
  readonly onOpened?: (inputs: RowInputs | undefined, head: LogHead) => void;
  /** It cannot go on and does not try again: the log is somebody else's now, or messages are missing. */
  readonly onEnded?: (error: Error) => void;
}

export interface StartedShard {
  readonly ledgerId: string;
  /** The tokens in force. */
  readonly tokens: readonly TokenCreated[];
}

export class Shard {
  readonly #deps: ShardDeps;
  #queue: QueuedCommand[] = [];
  /** The batch under way until it is answered; what came after it is in the queue. */
  #unanswered: readonly QueuedCommand[] = [];
  #wake: (() => void) | undefined;
  #stopping = false;
  readonly #tally = new ShardTally();
  #loop: Promise<void> | undefined;
  #rescoreFrom = 0;

  constructor(deps: ShardDeps) {
    this.#deps = deps;
  }

  /** Opens the log and reads back the state. @throws when that fails at the first attempt. */
  async start(): Promise<StartedShard> {
    const resources = await this.#open();
    this.#loop = this.#run(resources);
    const { log, state } = resources;
    return { ledgerId: log.identity.ledgerId, tokens: [...state.tokens.values()] };
  }

  submit(envelopes: readonly CommandEnvelope[], replyTo: ReplyTo): void {
    if (this.#stopping) return replyTo({ type: 'unavailable', cause: 'stopping', count: envelopes.length });
    for (const envelope of envelopes) this.#queue.push({ envelope, replyTo });
    this.#wake?.();
  }

  /** Takes what stands in topics, each topic's in its order. */
  feed(commands: readonly FedCommand[], replyTo: ReplyTo): void {
    if (this.#stopping) return replyTo({ type: 'unavailable', cause: 'stopping', count: commands.length });
    for (const command of commands) this.#queue.push({ ...command, replyTo });
    this.#wake?.();
  }

  /** Finishes what was taken in, writes a checkpoint and closes everything. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wake?.();
    await this.#loop;
  }

  async #run(first: ShardResources): Promise<void> {
    let resources = first;
    while (!this.#stopping || this.#queue.length > 0) {
      try {
        await this.#turn(resources);
      } catch (error) {
        const reopened = await this.#recover(error, resources);
        if (!reopened) return;
        resources = reopened;
      }
    }
    await resources.close();
  }

  async #open(after?: unknown): Promise<ShardResources> {
    const resources = await this.#deps.open(after);
    this.#deps.onReadiness({ ready: true });
    this.#deps.onOpened?.(resources.inputs, resources.head);
    return resources;
  }

  /** One batch and the upkeep behind it, or a wait when there is nothing to do. */
  async #turn(resources: ShardResources): Promise<void> {
    this.#deps.collect();
    const batch = this.#nextBatch(resources);
    if (batch.length === 0) return this.#sleep(resources);
    this.#unanswered = batch;
    const taken = await this.#handle(batch, resources);
    await this.#tally.time('upkeep', () => resources.afterBatch(taken));
    // Without it, commands that never run out would keep what was written from being heard of.
    if (this.#queue.length > 0) await nextTurn();
  }

  #nextBatch({ state }: ShardResources): QueuedCommand[] {
    const now = this.#deps.now();
    const rescores = now >= this.#rescoreFrom ? state.rescores.takeDue(Infinity, RESCORE_MAX) : [];
    const due = [
      ...dueCommands(state.deadlines.takeDue(now, DUE_MAX), (id) => state.ledger.payments.get(id)),
      ...rescores.map(({ paymentId }): Command => ({ type: 'RescorePayment', paymentId })),
    ];
    const own = due.map((command) => ({
      envelope: { command, actor: 'system', receivedAt: now },
      replyTo: ignoreReply,
    }));
    return [...own, ...this.#queue.splice(0, countWithin(this.#queue, BATCH_MAX - own.length))];
  }

  /** What is still degraded goes back to the queue, and is left alone for a while. */
  #keepWaiting(envelopes: readonly CommandEnvelope[], { state }: ShardResources): void {
    for (const { command } of envelopes) {
      if (command.type !== 'RescorePayment') continue;
      const payment = state.ledger.payments.get(command.paymentId);
      if (payment?.status !== 'pending' || payment.awaiting !== 'rescore' || payment.until === undefined)
        continue;
      state.rescores.add({ at: payment.until, paymentId: payment.id });
      this.#rescoreFrom = this.#deps.now() + RESCORE_PAUSE_MS;
    }
  }

  /** Decides, commits and answers; gives the number of commands taken, the others go back to the queue. */
  async #handle(batch: readonly QueuedCommand[], resources: ShardResources): Promise<number> {
    const position = resources.head.position + 1;
    resources.features.beginRow(position);
    const envelopes = batch.map(({ envelope }) => envelope);
    const stored = await storedPayments(envelopes, resources);
    const result = await this.#tally.time('decide', () =>
      resources.flow.run({ envelopes, position, stored }),
    );
    const taken = result.answers.length;
    this.#keepWaiting(envelopes.slice(0, taken), resources);
    const inputs = inputsAfter(batch.slice(0, taken), resources.inputs);
    if (result.records.length > 0) await this.#commit(result, inputs, resources);
    resources.inputs = inputs;
    this.#unanswered = [];
    this.#queue.unshift(...batch.slice(taken));
    replyInRuns(batch.slice(0, taken), result.answers, resources.head);
    this.#tally.addBatch(result.answers);
    this.#deps.onBatch(resources.head, () => this.#report(resources));
    return taken;
  }

  async #commit(
    { records, personal }: BatchResult,
    inputs: RowInputs | undefined,
    resources: ShardResources,
  ): Promise<void> {
    const { log, head } = resources;
    const row = await this.#tally.time('encode', () =>
      sealRow({
        identity: log.identity,
        head,
        body: encodeRow(records, inputs),
        personal: encodePersonalParts(personal),
      }),
    );
    const sending = inputs && {
      inputs,
      messages: outgoingMessages({ source: log.identity.shard, records, personal }),
      changes: paymentChanges(records),
    };
    await this.#tally.time('commit', () => log.append(row, sending));
    resources.head = row;
    await eraseNow(log, partsErasedBy(records));
  }

  #report({ head, state, features }: ShardResources): ShardReport {
    const histories = features.remote?.report(this.#deps.now());
    const { deadlines, rescores, ledger } = state;
    return this.#tally.report({
      position: head.position,
      deadlines: deadlines.size,
      rescores: rescores.size,
      messagesSent: ledger.counters.sent,
      messagesReceived: ledger.counters.received,
      inTransit: inTransitBalances(ledger),
      ...(histories ? { histories } : {}),
    });
  }

  /** Gives up what is in memory, and tries until the log can be read and written again; undefined when it must not. */
  async #recover(error: unknown, resources: ShardResources): Promise<ShardResources | undefined> {
    this.#failed(error);
    refuse(this.#unanswered, 'outcome_unknown');
    this.#unanswered = [];
    // What cannot be closed shows in the reopening, which is tried until it works.
    await resources.abandon().catch((failure: unknown) => this.#deps.onFailure(failure));
    let last = error;
    for (let waitMs = RETRY_FIRST_MS; ; waitMs = Math.min(waitMs * 2, RETRY_MAX_MS)) {
      refuse(this.#queue.splice(0), this.#stopping ? 'stopping' : 'outcome_unknown');
      if (isFinal(last)) return this.#end(last);
      try {
        return await this.#open(error);
      } catch (failure) {
        if (this.#stopping) throw failure;
        last = failure;
        this.#failed(failure);
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
    }
  }

  #end(error: Error): undefined {
    this.#stopping = true;
    this.#deps.onEnded?.(error);
  }

  #failed(error: unknown): void {
    this.#deps.onFailure(error);
    this.#deps.onReadiness({ ready: false, reasons: [messageOf(error)] });
  }

  async #sleep(resources: ShardResources): Promise<void> {
    await resources.whileIdle();
    if (this.#queue.length > 0 || this.#stopping) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, IDLE_WAIT_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }
}

function ignoreReply(): void {}

/** Trying again would take the log from its new owner, or go on over what is missing. */
function isFinal(error: unknown): error is Error {
  return (error instanceof EventLogError && error.fault === 'fenced') || error instanceof MessageGapError;
}

/** So many of the first fit in one batch. */
function countWithin(queue: readonly QueuedCommand[], most: number): number {
  let bytes = 0;
  for (let count = 0; count < Math.min(most, queue.length); count++) {
    bytes += queue[count]?.bytes ?? 0;
    if (bytes > BATCH_BYTES_MAX && count > 0) return count;
  }
  return most;
}

/** Where the inputs go on behind those commands; undefined in a shard that is not fed. */
function inputsAfter(batch: readonly QueuedCommand[], before: RowInputs | undefined): RowInputs | undefined {
  if (!before) return undefined;
  const inputs = { ...before };
  for (const { topic, next } of batch) if (topic !== undefined && next !== undefined) inputs[topic] = next;
  return inputs;
}

type DuePayment = Pick<PaymentState, 'status' | 'awaiting' | 'until' | 'reviewEffectAt'>;

/** What is due for each payment; a time that no longer stands gives nothing. */
function dueCommands(
  deadlines: readonly Deadline[],
  find: (paymentId: string) => DuePayment | undefined,
): Command[] {
  return deadlines.flatMap(({ at, paymentId }): Command[] => {
    const payment = find(paymentId);
    if (payment?.status !== 'pending') return [];
    if (payment.reviewEffectAt === at) return [{ type: 'ApplyReview', paymentId }];
    return payment.until === at ? [{ type: 'ExpirePayment', paymentId }] : [];
  });
}

async function storedPayments(
  envelopes: readonly CommandEnvelope[],
  { log, state, features }: ShardResources,
): Promise<ReadonlyMap<string, StoredPayment>> {
  const stored = new Map<string, StoredPayment>();
  for (const { command } of envelopes) {
    if (!needsStored(command)) continue;
    const payment = state.ledger.payments.get(command.paymentId);
    const found = payment && (await readStoredPayment({ log, features }, payment));
    if (found) stored.set(command.paymentId, found);
  }
  return stored;
}

/** Answers neighbours of one source with one call. */
function replyInRuns(
  batch: readonly QueuedCommand[],
  answers: readonly Answer[],
  { position }: LogHead,
): void {
  forEachRun(batch, (replyTo, start, end) => {
    replyTo({ type: 'answered', answers: answers.slice(start, end), position });
  });
}

function refuse(batch: readonly QueuedCommand[], cause: Unavailability): void {
  forEachRun(batch, (replyTo, start, end) => replyTo({ type: 'unavailable', cause, count: end - start }));
}

function forEachRun(
  batch: readonly QueuedCommand[],
  visit: (replyTo: ReplyTo, start: number, end: number) => void,
): void {
  let start = 0;
  while (start < batch.length) {
    const { replyTo } = batch[start] as QueuedCommand;
    let end = start + 1;
    while (batch[end]?.replyTo === replyTo) end++;
    visit(replyTo, start, end);
    start = end;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
