/** Imports straight into the shard of a data folder that no server uses. */
import type { Readers } from '#src/adapters/http/http-deps.ts';
import type { Command } from '#src/domain/commands.ts';
import type { ReadResult } from '#src/ingest/body-reader.ts';
import type { GatewayReply } from '#src/ports/command-gateway.ts';
import type { ShardClient } from '#src/shard-client.ts';
import type { ImportLine } from './import-line.ts';
import type { ImportReport } from './import-report.ts';

/** Enough for full batches while the next lines are read. */
const IN_FLIGHT_MAX = 4_096;
const ACTOR = 'agent:import';

export interface Importer {
  /** Takes a line; resolves when the next one may come. */
  take(line: ImportLine): Promise<void>;
  /** Resolves when every line has its answer. */
  finish(): Promise<void>;
}

export interface ShardImporterParts {
  readonly shard: ShardClient;
  readonly readers: Readers;
  readonly report: ImportReport;
  readonly now: () => number;
}

export class ShardImporter implements Importer {
  readonly #parts: ShardImporterParts;
  #inFlight = 0;
  #onRoom: (() => void) | undefined;

  constructor(parts: ShardImporterParts) {
    this.#parts = parts;
  }

  async take(line: ImportLine): Promise<void> {
    const { report, shard, now } = this.#parts;
    if (line.kind === 'unreadable') return report.refuse(line.number, line.problem);
    const read = this.#read(line.kind, line.body);
    if (!read.ok) {
      const problems = read.problems.map(({ path, message }) => `${path} ${message}`);
      return report.refuse(line.number, problems.join('; '));
    }
    this.#inFlight++;
    shard.submit({ command: read.content, actor: ACTOR, receivedAt: now() }, (reply) =>
      this.#answered(line, reply),
    );
    if (this.#inFlight >= IN_FLIGHT_MAX) await this.#until(() => this.#inFlight < IN_FLIGHT_MAX / 2);
  }

  finish(): Promise<void> {
    return this.#until(() => this.#inFlight === 0);
  }

  #read(kind: 'payment' | 'account' | 'transfer', body: unknown): ReadResult<Command> {
    const { readers } = this.#parts;
    if (kind === 'account') return readers.openAccount.read(body, '');
    if (kind === 'transfer') return readers.transfer.read(body, '');
    const read = readers.payment.read(body);
    return read.ok ? { ok: true, content: read.content.command } : read;
  }

  #answered({ number }: ImportLine, reply: GatewayReply): void {
    const { report } = this.#parts;
    this.#inFlight--;
    if (reply.type === 'unavailable')
      report.refuse(number, 'the log could not be written: import the file again');
    else if (reply.answer.type === 'RefusedAnswer') report.refuse(number, reply.answer.detail);
    else if (reply.answer.type === 'DoneAnswer') report.count(reply.answer.created ? 'done' : 'repeated');
    else {
      report.count('done');
      report.countPayment(reply.answer.status);
    }
    this.#onRoom?.();
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      await new Promise<void>((resolve) => (this.#onRoom = resolve));
    }
    this.#onRoom = undefined;
  }
}
