/**
 * The story of one batch of commands.
 *
 * Commands are taken in order. A payment gets its vector and becomes pending at once; scoring and
 * decision wait until the round is full, so that the model is called once for many. A command that
 * depends on a payment of the round which is not decided yet closes the round first. So the result
 * is that of taking the commands one by one, however they were cut into batches.
 *
 * Nothing of it is durable or told to anybody until the batch is in the log; if that fails, all
 * state is thrown away and read back.
 */
import type { Answer } from '#src/domain/answer.ts';
import type { Command, CommandEnvelope, Pay } from '#src/domain/commands.ts';
import { decodePersonalContent } from '#src/domain/encoding/row-codec.ts';
import type { CommandRecord, LedgerEvent } from '#src/domain/events.ts';
import { decideLedger } from '#src/domain/ledger/decide.ts';
import {
  DONE_BEFORE,
  findPayment,
  refused,
  sameBytes,
  type DecidingContext,
  type Verdict,
} from '#src/domain/ledger/deciding.ts';
import { idTakenElsewhere } from '#src/domain/ledger/payment-directory.ts';
import { settlementOf } from '#src/domain/ledger/payment-state.ts';
import { receivePayment } from '#src/domain/ledger/receive-payment.ts';
import { misroutedCommand } from '#src/domain/ledger/misrouted-command.ts';
import { messagesAfter } from '#src/domain/ledger/messages-after.ts';
import type { PersonalPart } from '#src/domain/personal-part.ts';
import { ALONE, type ShardPlace } from '#src/domain/shard-place.ts';
import type { PolicyResult } from '#src/decision/compile-policy.ts';
import type { Attempt, ComingAttempt, FeatureStage } from '#src/ports/feature-stage.ts';
import { claimedCommands } from './claimed-commands.ts';
import { decideControl } from './control-commands.ts';
import { decideAgain, storedPayment, type StoredPayment } from './decide-again.ts';
import type { ScoringDeps } from './decide-scored.ts';
import { DecisionRound } from './decision-round.ts';
import type { Draft } from './draft.ts';
import { featureTimeOf, ledgerFacts } from './ledger-facts.ts';
import { OutcomeFeed } from './outcome-feed.ts';
import { requestOf } from './request-of.ts';

/** A batch spans less shard time than the shortest delay of an outcome, so that cuts cannot matter. */
export const BATCH_SPAN_MS = 60_000;

export interface FlowDeps extends ScoringDeps {
  readonly features: FeatureStage;
  readonly readPolicy: (document: string) => PolicyResult;
  readonly openOnFirstUse: boolean;
  /** Absent in a ledger of one shard. */
  readonly place?: ShardPlace;
}

export interface Batch {
  readonly envelopes: readonly CommandEnvelope[];
  /** Position that the batch's row will have in the log. */
  readonly position: number;
  /** What the log says of payments that a command of the batch decides again. */
  readonly stored: ReadonlyMap<string, StoredPayment>;
}

export interface BatchResult {
  readonly records: readonly CommandRecord[];
  /** By the index of their record. */
  readonly personal: ReadonlyMap<number, PersonalPart>;
  /** One for each command taken, in order; commands behind them belong to the next batch. */
  readonly answers: readonly Answer[];
}

interface RunningBatch extends Batch {
  readonly drafts: readonly Draft[];
  /** Drafts that have events, each of which will be a record of the row. */
  recordsBegun: number;
}

export class PaymentFlow {
  readonly #deps: FlowDeps;
  readonly #feed: OutcomeFeed;
  readonly #place: ShardPlace;

  constructor(deps: FlowDeps) {
    this.#deps = deps;
    this.#place = deps.place ?? ALONE;
    this.#feed = new OutcomeFeed(deps.state.ledger, deps.features);
  }

  async run(batch: Batch): Promise<BatchResult> {
    const drafts = this.#draftsOf(await this.#claimed(batch.envelopes));
    const running: RunningBatch = { ...batch, drafts, recordsBegun: 0 };
    await this.#loadHistories(drafts);
    const round = new DecisionRound({
      deps: this.#deps,
      contextOf: (draft) => this.#contextOf(draft),
      append: (draft, events) => this.#append(draft, events, running),
      capacity: drafts.length,
    });
    for (const draft of drafts) {
      draft.shardTime = this.#shardTimeOf(draft.envelope);
      if (round.isTouchedBy(draft.envelope.command)) this.#close(round);
      this.#take(draft, round, running);
    }
    this.#close(round);
    if (this.#place.count > 1) this.#sendMessages(running);
    return this.#result(drafts);
  }

  #claimed(envelopes: readonly CommandEnvelope[]): Promise<readonly CommandEnvelope[]> {
    const { features, state } = this.#deps;
    return claimedCommands(envelopes, { features, ledger: state.ledger, place: this.#place });
  }

  /**
   * As many commands as fit in one batch's span; nothing behind new rates, because amounts are compared
   * before, and no payment of an account behind its signal where histories are remote.
   */
  #draftsOf(envelopes: readonly CommandEnvelope[]): Draft[] {
    let shardTime = this.#deps.state.ledger.counters.shardTime;
    let firstTime: number | undefined;
    const drafts: Draft[] = [];
    const signalled = new Set<string>();
    for (const envelope of envelopes) {
      const { command } = envelope;
      if (command.type === 'Pay' && signalled.has(command.facts.debtor)) break;
      // Remote histories have a signal with the next batch.
      if (command.type === 'RecordSignal' && this.#deps.features.remote) signalled.add(command.account);
      shardTime = Math.max(shardTime, envelope.receivedAt);
      firstTime ??= shardTime;
      if (shardTime - firstTime >= BATCH_SPAN_MS) break;
      drafts.push({
        envelope,
        shardTime,
        events: [],
        outgoing: undefined,
        record: undefined,
        answer: undefined,
      });
      if (bringsRates(command)) break;
    }
    return drafts;
  }

  /** Never before the newest event: what left no event in the log has not moved the time. */
  #shardTimeOf({ receivedAt }: CommandEnvelope): number {
    return Math.max(this.#deps.state.ledger.counters.shardTime, receivedAt);
  }

  /** Says which attempts will be observed, each with the feature time that it will have by then. */
  #loadHistories(drafts: readonly Draft[]): Promise<void> {
    const { payments, counters } = this.#deps.state.ledger;
    const coming: ComingAttempt[] = [];
    const ids = new Set<string>();
    let newest = counters.featureTime;
    for (const { envelope } of drafts) {
      const { command, receivedAt } = envelope;
      const registered = registeredId(command);
      if (registered !== undefined) ids.add(registered);
      if (command.type !== 'Pay') continue;
      const { id, occurredAt, amount, asset } = command.facts;
      if (ids.has(id) || payments.get(id) || this.#isElsewhere(command)) continue;
      ids.add(id);
      const featureTime = featureTimeOf(occurredAt, receivedAt, newest);
      newest = Math.max(newest, featureTime);
      coming.push({ entityKeys: command.entityKeys, featureTime, amount, asset });
    }
    return this.#deps.features.load(coming);
  }

  /** Nothing of it is counted here. */
  #isElsewhere(command: Pay): boolean {
    if (this.#place.count === 1) return false;
    const context = { state: this.#deps.state.ledger, place: this.#place };
    return (this.#misrouted(command) ?? idTakenElsewhere(context, command)) !== undefined;
  }

  #misrouted(command: Command): Verdict | undefined {
    return this.#place.count > 1 ? misroutedCommand(this.#place, command) : undefined;
  }

  #take(draft: Draft, round: DecisionRound, batch: RunningBatch): void {
    const { command } = draft.envelope;
    const misrouted = this.#misrouted(command);
    if (misrouted) this.#conclude(draft, misrouted, batch);
    else if (command.type === 'Pay') this.#pay(draft, command, { round, batch });
    else this.#conclude(draft, this.#verdictOn(draft, command, batch), batch);
  }

  #pay(draft: Draft, command: Pay, { round, batch }: { round: DecisionRound; batch: RunningBatch }): void {
    const { ledger } = this.#deps.state;
    const context = this.#contextOf(draft);
    const known = findPayment(context, command.facts.id);
    if (known) return this.#conclude(draft, repeatedPayment(command, known.bodyDigest), batch);
    const taken = idTakenElsewhere(context, command);
    if (taken) return this.#conclude(draft, taken, batch);
    const attempt = this.#attemptOf(draft, command);
    const { receivedAt, featureTime, request } = attempt;
    const facts = ledgerFacts(ledger, command.facts);
    const positions = this.#deps.features.observe(attempt, facts, round.nextRow());
    const reception = receivePayment(context, command, { receivedAt, featureTime, positions });
    this.#append(draft, reception.events, batch);
    if (reception.rejection === undefined) round.add(draft, command, request);
    else draft.answer = this.#paymentAnswer(command.facts.id, { rejection: reception.rejection });
  }

  #verdictOn(draft: Draft, command: Command, batch: RunningBatch): Verdict {
    const context = this.#contextOf(draft);
    const { state, readPolicy } = this.#deps;
    const verdict =
      decideLedger(context, command) ??
      decideControl({ ...context, shard: state, readPolicy }, command) ??
      decideAgain(context, command, { ...this.#deps, stored: (id) => storedPayment(id, batch) });
    if (!verdict) throw new Error(`no decider for ${command.type}`);
    return verdict;
  }

  #conclude(draft: Draft, verdict: Verdict, batch: RunningBatch): void {
    this.#append(draft, verdict.events, batch);
    draft.answer = verdict.answer;
  }

  #close(round: DecisionRound): void {
    for (const draft of round.decide()) {
      const decided = draft.events.find((event) => event.type === 'PaymentDecided');
      if (!decided) throw new Error('a round left a payment undecided');
      draft.answer = this.#paymentAnswer(decided.paymentId, { decision: decided.decision });
    }
  }

  #append(draft: Draft, events: readonly LedgerEvent[], batch: RunningBatch): void {
    if (events.length === 0) return;
    const { command } = draft.envelope;
    draft.record ??= batch.recordsBegun++;
    const part = personalOf(command);
    const context = {
      shardTime: draft.shardTime,
      position: batch.position,
      record: draft.record,
      entityKeys: 'entityKeys' in command ? command.entityKeys : NO_KEYS,
      personal: part && events.some(needsPersonal) ? decodePersonalContent(part) : undefined,
    };
    const { state } = this.#deps;
    const { counters } = state.ledger;
    counters.shardTime = Math.max(counters.shardTime, draft.shardTime);
    for (const event of events) {
      state.apply(event, context);
      this.#feed.tell(event, context);
      draft.events.push(event);
      if (this.#place.count > 1) this.#tellOthers(draft, event);
    }
  }

  #tellOthers(draft: Draft, event: LedgerEvent): void {
    const messages = messagesAfter(event, { place: this.#place, state: this.#deps.state.ledger });
    if (messages.length > 0) (draft.outgoing ??= []).push(...messages);
  }

  /** Numbers follow the order of the records, which is not that in which payments were decided. */
  #sendMessages(batch: RunningBatch): void {
    const { counters } = this.#deps.state.ledger;
    for (const draft of batch.drafts) {
      for (const { target, message } of draft.outgoing ?? []) {
        const sequence = (counters.sent[target] ?? 0) + 1;
        this.#append(draft, [{ type: 'MessageSent', target, sequence, message }], batch);
      }
    }
  }

  #contextOf(draft: Draft): DecidingContext {
    const { state, openOnFirstUse } = this.#deps;
    return {
      state: state.ledger,
      rules: state.rules(openOnFirstUse),
      shardTime: draft.shardTime,
      actor: draft.envelope.actor,
      place: this.#place,
    };
  }

  #attemptOf({ envelope, shardTime }: Draft, command: Pay): Attempt {
    const { featureTime: newest } = this.#deps.state.ledger.counters;
    const { receivedAt } = envelope;
    const { facts, entityKeys } = command;
    return {
      request: requestOf(command),
      entityKeys,
      featureTime: featureTimeOf(facts.occurredAt, receivedAt, newest),
      receivedAt,
      shardTime,
    };
  }

  #paymentAnswer(
    paymentId: string,
    more: Pick<Answer & { type: 'PaymentAnswer' }, 'decision' | 'rejection'>,
  ): Answer {
    const payment = this.#deps.state.ledger.payments.get(paymentId);
    if (!payment) throw new Error(`payment ${paymentId} is not known`);
    const { status, awaiting, until, captured, reversed, version } = payment;
    const settlement = settlementOf(payment);
    return {
      type: 'PaymentAnswer',
      paymentId,
      status,
      ...(awaiting === undefined ? {} : { awaiting }),
      ...(until === undefined ? {} : { until }),
      capturedAmount: captured,
      reversedAmount: reversed,
      ...(settlement === undefined ? {} : { settlement }),
      version,
      ...more,
    };
  }

  #result(drafts: readonly Draft[]): BatchResult {
    const { counters } = this.#deps.state.ledger;
    const records: CommandRecord[] = [];
    const personal = new Map<number, PersonalPart>();
    for (const { envelope, shardTime, events } of drafts) {
      if (events.length === 0) continue;
      counters.input++;
      const part = personalOf(envelope.command);
      if (part) personal.set(records.length, part);
      records.push({
        input: counters.input,
        shardTime,
        actor: envelope.actor,
        cause: envelope.command.type,
        events,
      });
    }
    return { records, personal, answers: drafts.map(answerOf) };
  }
}

const NO_KEYS = new Uint8Array();

/** An id that will be another shard's once the command is taken. */
function registeredId(command: Command): string | undefined {
  if (command.type !== 'ReceiveMessage' || command.message.type !== 'RegisterPayment') return undefined;
  return command.message.paymentId;
}

function bringsRates(command: Command): boolean {
  if (command.type !== 'ReceiveMessage') return command.type === 'RecordRates';
  return command.message.type === 'ShareFact' && command.message.fact.type === 'RatesRecorded';
}

function repeatedPayment(command: Pay, bodyDigest: Uint8Array): Verdict {
  return sameBytes(command.bodyDigest, bodyDigest)
    ? DONE_BEFORE
    : refused('id_taken', `payment ${command.facts.id} exists with another content`);
}

function personalOf(command: Command): PersonalPart | undefined {
  if ('personal' in command) return command.personal;
  return command.type === 'DecideReview' ? command.note : undefined;
}

function needsPersonal(event: LedgerEvent): boolean {
  return event.type === 'ListEntryAdded';
}

function answerOf({ answer, envelope }: Draft): Answer {
  if (!answer) throw new Error(`${envelope.command.type} has no answer`);
  return answer;
}
