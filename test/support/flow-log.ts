/** A payment flow whose batches stand in a log, as a shard would have written them. */
import { MemoryLogStorage, openMemoryEventLog } from '#src/adapters/memory/memory-event-log.ts';
import type { Answer } from '#src/domain/answer.ts';
import type { Command, CommandEnvelope } from '#src/domain/commands.ts';
import { encodePersonalParts, encodeRow } from '#src/domain/encoding/row-codec.ts';
import type { CommandRecord } from '#src/domain/events.ts';
import { sealRow } from '#src/journal/hash-chain.ts';
import type { EventLog } from '#src/ports/event-log.ts';
import type { PersonalParts } from '#src/domain/encoding/row-codec.ts';
import { START } from '#test/support/decision-setup.ts';
import { TEST_IDENTITY } from '#test/support/event-log/log-rows.ts';
import { FlowInMemory } from '#test/support/flow-setup.ts';

export class FlowLog {
  readonly flow: FlowInMemory;
  readonly log: EventLog;
  #written = 0;

  private constructor(flow: FlowInMemory, log: EventLog) {
    this.flow = flow;
    this.log = log;
  }

  static async open(flow: FlowInMemory = new FlowInMemory()): Promise<FlowLog> {
    return new FlowLog(flow, await openMemoryEventLog(new MemoryLogStorage())(TEST_IDENTITY));
  }

  /** On a log that is somewhere else, and empty. */
  static on(log: EventLog): FlowLog {
    return new FlowLog(new FlowInMemory(), log);
  }

  /** Runs the commands as one batch and appends its row. */
  async run(...envelopes: readonly CommandEnvelope[]): Promise<readonly Answer[]> {
    const answers = await this.flow.run(envelopes);
    for (const { records, personal } of this.flow.batches.slice(this.#written)) {
      if (records.length > 0) await this.append(records, personal);
    }
    this.#written = this.flow.batches.length;
    return answers;
  }

  async append(records: readonly CommandRecord[], personal: PersonalParts = new Map()): Promise<void> {
    const body = encodeRow(records);
    const parts = encodePersonalParts(personal);
    const head = await this.log.head();
    await this.log.append(sealRow({ identity: this.log.identity, head, body, personal: parts }));
  }
}

export function at(receivedAt: number, command: Command): CommandEnvelope {
  return { command, actor: 'token:1', receivedAt };
}

/** Minutes after the start of all tests. */
export function minute(minutes: number): number {
  return START + minutes * 60_000;
}
