/**
 * A whole shard on a log and a state store in memory that outlive it, as a disk does. Tests set its
 * clock, make commits, writes and openings fail, and start it again.
 */
import { assetTable } from '#src/domain/asset.ts';
import type { Answer } from '#src/domain/answer.ts';
import type { Command } from '#src/domain/commands.ts';
import type { Unavailability, Readiness } from '#src/ports/command-gateway.ts';
import { createMemoryStateStore } from '#src/adapters/memory/memory-state-store.ts';
import { MemoryLogStorage, openMemoryEventLog } from '#src/adapters/memory/memory-event-log.ts';
import { readPolicy } from '#src/decision/read-policy.ts';
import { decodePersonalParts, decodeRow, encodePersonalParts } from '#src/domain/encoding/row-codec.ts';
import type { CommandRecord, PersonalPartRef } from '#src/domain/events.ts';
import type { DurableFeatureStage } from '#src/ports/feature-stage.ts';
import type { Scorer } from '#src/ports/scorer.ts';
import type { StateStore } from '#src/ports/state-store.ts';
import type { EntityKeyer } from '#src/ports/entity-keyer.ts';
import { shardOpener, type ShardResources, type ToReference } from '#src/shard/open-shard.ts';
import { Shard, type StartedShard } from '#src/shard/shard.ts';
import { EPOCH_MS, TEST_POLICY } from '#test/support/flow-harness.ts';
import { STUB_KEYER } from '#test/support/stub-features.ts';

const FEATURE_COUNT = 2;
const SCORE_BY_LAST_DIGIT: Readonly<Record<number, number>> = { 7: 0.4, 8: 0.6, 9: 0.95 };

/** Amount and attempts of the debtor, as far as a disk would have them. */
export interface WrittenHistories {
  position: number;
  attempts: Map<string, number>;
}

export function openHistories(written: WrittenHistories): DurableFeatureStage {
  const attempts = new Map(written.attempts);
  const write = (position: number) => {
    if (position <= written.position) return;
    written.position = position;
    written.attempts = new Map(attempts);
  };
  let row = written.position;
  return {
    featureCount: FEATURE_COUNT,
    get writtenPosition() {
      return written.position;
    },
    beginRow: (position) => void (row = position),
    load: () => Promise.resolve(),
    observe({ request }, _facts, { values, offset }) {
      const { amount, debtor } = request.facts;
      const before = attempts.get(debtor) ?? 0;
      values.set([amount, before], offset);
      attempts.set(debtor, before + 1);
      return [];
    },
    recordOutcome: () => undefined,
    recordSignal: () => undefined,
    recordLabel: () => undefined,
    writeSome: (durable) => Promise.resolve(write(durable)),
    writeAll: () => Promise.resolve(write(row)),
    clear: () => Promise.resolve(void Object.assign(written, { position: 0, attempts: new Map() })),
    close: () => Promise.resolve(),
  };
}

/** What stands in the place of the two features of this file. */
export interface HarnessHistories {
  readonly featureCount: number;
  readonly keyer: EntityKeyer;
  readonly open: (toReference: ToReference) => Promise<DurableFeatureStage>;
}

export type CommandReply =
  | { readonly type: 'answered'; readonly answer: Answer; readonly position: number }
  | { readonly type: 'unavailable'; readonly cause: Unavailability };

/** What is to go wrong; each stands until it is taken back. */
export interface ShardFaults {
  openStore: boolean;
  storeWrite: boolean;
  storeClose: boolean;
  scorerDown: boolean;
}

export class ShardHarness {
  readonly log: MemoryLogStorage = new MemoryLogStorage();
  readonly written: WrittenHistories = { position: 0, attempts: new Map() };
  readonly faults: ShardFaults = {
    openStore: false,
    storeWrite: false,
    storeClose: false,
    scorerDown: false,
  };
  readonly failures: unknown[] = [];
  /** Why stores were discarded. */
  readonly discarded: string[] = [];
  /** Commands of each batch. */
  readonly batchSizes: number[] = [];
  #commands = 0;
  readonly readiness: Readiness[] = [];
  /** Log rows that the openings applied again. */
  readonly recoveredRows: number[] = [];
  /** Commands between two checkpoints; the product's number where it is not set. */
  checkpointEveryCommands: number | undefined;
  /** Set before the start. */
  histories: HarnessHistories = {
    featureCount: FEATURE_COUNT,
    keyer: STUB_KEYER,
    open: () => Promise.resolve(openHistories(this.written)),
  };
  store: StateStore = createMemoryStateStore();
  now: number = EPOCH_MS;
  /** Logs and stores that are open now. */
  openHandles = 0;
  #whenReady: (() => void)[] = [];
  #shard: Shard | undefined;
  #resources: ShardResources | undefined;

  async start(): Promise<StartedShard> {
    const open = shardOpener({
      openLog: async () => this.#counted(await this.#openLog()),
      openStore: async () => this.#counted(this.#openStore()),
      discardStores: (reason) => this.#discardStores(reason),
      openFeatures: this.histories.open,
      assets: assetTable(),
      keyer: this.histories.keyer,
      scorer: this.#scorer(),
      words: { name: () => 'amount', value: String, sentence: () => 'the amount' },
      readPolicy: (document) => readPolicy(document, []),
      initialPolicy: policyOf(TEST_POLICY),
      openOnFirstUse: true,
      accountsCachedMax: 4,
      ...(this.checkpointEveryCommands === undefined
        ? {}
        : { checkpointEveryCommands: this.checkpointEveryCommands }),
      nowMicros: () => 0,
      onRecovered: ({ rows }) => void this.recoveredRows.push(rows),
    });
    this.#shard = new Shard({
      open: async (after) => (this.#resources = await open(after)),
      collect: () => undefined,
      now: () => this.now,
      onBatch: (_head, report) => this.#noteBatch(report().commands),
      onFailure: (error) => void this.failures.push(error),
      onReadiness: (readiness) => this.#note(readiness),
    });
    return this.#shard.start();
  }

  async #discardStores(reason: string): Promise<void> {
    this.discarded.push(reason);
    await this.store.clear();
    Object.assign(this.written, { position: 0, attempts: new Map() });
  }

  #noteBatch(commands: number): void {
    this.batchSizes.push(commands - this.#commands);
    this.#commands = commands;
  }

  async stop(): Promise<void> {
    await this.shard.stop();
  }

  get shard(): Shard {
    if (!this.#shard) throw new Error('the shard was not started');
    return this.#shard;
  }

  /** What the shard works on now. */
  get resources(): ShardResources {
    if (!this.#resources) throw new Error('the shard was not started');
    return this.#resources;
  }

  /** Submits the commands at once; settles when each has its reply. @throws when one has two. */
  submit(...commands: readonly Command[]): Promise<readonly CommandReply[]> {
    return this.submitAt(commands.map((command) => [command, this.now]));
  }

  submitAt(timed: readonly (readonly [Command, number])[]): Promise<readonly CommandReply[]> {
    const replies: CommandReply[] = [];
    const envelopes = timed.map(([command, receivedAt]) => ({ command, actor: 'token:test', receivedAt }));
    return new Promise((resolve, reject) => {
      this.shard.submit(envelopes, (reply) => {
        if (reply.type === 'answered') {
          const { answers, position } = reply;
          replies.push(...answers.map((answer) => ({ type: 'answered' as const, answer, position })));
        } else {
          const { cause, count } = reply;
          replies.push(...Array.from({ length: count }, () => ({ type: 'unavailable' as const, cause })));
        }
        if (replies.length > envelopes.length) {
          this.failures.push(new Error('a command was answered twice'));
          reject(new Error('a command was answered twice'));
        } else if (replies.length === envelopes.length) resolve(replies);
      });
    });
  }

  /** Settles once the shard can decide. */
  ready(): Promise<void> {
    if (this.readiness.at(-1)?.ready) return Promise.resolve();
    return new Promise((resolve) => void this.#whenReady.push(resolve));
  }

  /** Submits the commands until they are answered, as a client does that was told nothing. */
  async settle(timed: readonly (readonly [Command, number])[]): Promise<readonly CommandReply[]> {
    for (;;) {
      const replies = await this.submitAt(timed);
      if (replies.every(({ type }) => type === 'answered')) return replies;
      await this.ready();
    }
  }

  /** Erases the personal part of one record, in the log and then in the state. */
  async erase(part: PersonalPartRef): Promise<void> {
    await this.resources.log.erasePersonal([part.position], (_, blob) => {
      const parts = new Map(decodePersonalParts(blob));
      parts.delete(part.record);
      return encodePersonalParts(parts);
    });
    const command = { type: 'RecordErasure', reason: 'asked for', parts: [part] } as const;
    await this.settle([[command, this.now]]);
  }

  /** The records of one row, by its index. */
  recordsOf(row: number): readonly CommandRecord[] {
    const body = this.log.rows[row]?.body;
    return body ? decodeRow(body) : [];
  }

  /** All records of the log. */
  records(): CommandRecord[] {
    return this.log.rows.flatMap(({ body }) => decodeRow(body));
  }

  eventTypes(): string[] {
    return this.records().flatMap(({ events }) => events.map(({ type }) => type));
  }

  #note(readiness: Readiness): void {
    this.readiness.push(readiness);
    if (readiness.ready) for (const resolve of this.#whenReady.splice(0)) resolve();
  }

  async #openLog() {
    return openMemoryEventLog(this.log)({ ledgerId: 'ledger-of-tests', shard: 0 });
  }

  #openStore(): StateStore {
    if (this.faults.openStore) throw new Error('the store cannot be opened');
    const { store, faults } = this;
    return {
      ...store,
      write: (write) =>
        faults.storeWrite ? Promise.reject(new Error('no space for state')) : store.write(write),
      close: () => (faults.storeClose ? Promise.reject(new Error('cannot close')) : Promise.resolve()),
    };
  }

  #counted<Handle extends { close(): Promise<void> }>(handle: Handle): Handle {
    this.openHandles++;
    const close = handle.close.bind(handle);
    handle.close = () => {
      this.openHandles--;
      return close();
    };
    return handle;
  }

  #scorer(): Scorer {
    const { featureCount } = this.histories;
    return {
      model: 'amounts@1',
      featureCount,
      score: (vectors, rows) => ({
        probabilities: Float32Array.from(
          { length: rows },
          (_, row) => SCORE_BY_LAST_DIGIT[(vectors[row * featureCount] ?? 0) % 10] ?? 0.01,
        ),
        degraded: this.faults.scorerDown,
      }),
      explain: (_vectors, rows) => Array.from({ length: rows }, () => []),
    };
  }
}

export function policyOf(document: string) {
  const result = readPolicy(document, []);
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join());
  return result.policy;
}
