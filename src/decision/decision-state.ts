/**
 * What decisions depend on beside the payment, its vector and its score: the policy in force, the
 * two lists and what was decided lately. Changes only by what events say, in their order, so that it
 * can be rebuilt from the log; a snapshot carries it over a restart.
 *
 * Enforced and observed payments are counted apart: a rehearsal must not use up the reviewers' hour
 * or trip a breaker for payments that are really decided.
 */
import type { DecisionMode, DecisionRecord } from '#src/domain/decision.ts';
import type { ListEntry, ListName } from '#src/domain/list-entry.ts';
import { DecisionCounters, type DecisionCountersSnapshot } from './decision-counters.ts';
import { ListIndex } from './list-index.ts';
import type { Policy } from './policy.ts';

/** Counted even when the breaker is off, so that switching it on finds the last hour. */
const DEFAULT_BREAKER_WINDOW_MS = 3_600_000;

export interface DecisionStateSnapshot {
  readonly entries: readonly ListEntry[];
  readonly enforce: DecisionCountersSnapshot;
  readonly observe: DecisionCountersSnapshot;
}

export class DecisionState {
  readonly #lists: Readonly<Record<ListName, ListIndex>> = { block: new ListIndex(), allow: new ListIndex() };
  #policy: Policy;
  #counters: Readonly<Record<DecisionMode, DecisionCounters>>;

  constructor(policy: Policy, snapshot?: DecisionStateSnapshot) {
    this.#policy = policy;
    this.#counters = countersFor(policy, snapshot);
    for (const entry of snapshot?.entries ?? []) this.#lists[entry.list].add(entry);
  }

  get policy(): Policy {
    return this.#policy;
  }

  list(name: ListName): ListIndex {
    return this.#lists[name];
  }

  counters(mode: DecisionMode): DecisionCounters {
    return this.#counters[mode];
  }

  /** `PolicyActivated`. What was counted stays, unless the breaker now looks at another window. */
  activatePolicy(policy: Policy): void {
    this.#counters = countersFor(policy, this.toSnapshot());
    this.#policy = policy;
  }

  /** `ListEntryAdded`. */
  addListEntry(entry: ListEntry, shardTime: number): void {
    const list = this.#lists[entry.list];
    list.dropEndedWhenFull(shardTime);
    list.add(entry);
  }

  /** `ListEntryRemoved`. */
  removeListEntry(list: ListName, entryId: string): void {
    this.#lists[list].remove(entryId);
  }

  /** `PersonalDataErased`: an entry whose value is gone names nobody any more. */
  eraseListEntries(parts: readonly LogPlace[]): void {
    const erased = new Set(parts.map((part) => nameOf(part)));
    for (const list of Object.values(this.#lists)) {
      for (const { id, addedIn } of list.entries()) if (erased.has(nameOf(addedIn))) list.remove(id);
    }
  }

  /** `PaymentDecided`, before the next payment is decided. */
  recordDecision(decision: DecisionRecord, isVerification: boolean): void {
    this.#counters[decision.mode].record(decision, isVerification);
  }

  toSnapshot(): DecisionStateSnapshot {
    return {
      entries: [...this.#lists.block.entries(), ...this.#lists.allow.entries()],
      enforce: this.#counters.enforce.toSnapshot(),
      observe: this.#counters.observe.toSnapshot(),
    };
  }
}

type LogPlace = ListEntry['addedIn'];

function nameOf({ position, record }: LogPlace): string {
  return `${position}/${record}`;
}

function countersFor(
  policy: Policy,
  snapshot: DecisionStateSnapshot | undefined,
): Readonly<Record<DecisionMode, DecisionCounters>> {
  const windowMs = policy.breaker?.windowMs ?? DEFAULT_BREAKER_WINDOW_MS;
  return {
    enforce: new DecisionCounters(windowMs, snapshot?.enforce),
    observe: new DecisionCounters(windowMs, snapshot?.observe),
  };
}
