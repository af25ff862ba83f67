/** The thread of a shard: opens the log and the stores of a data folder and runs the shard on them. */
import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import { openAnchorFile } from '#src/adapters/files/anchor-file.ts';
import type { CommandEnvelope } from '#src/domain/commands.ts';
import type { AnchorStore } from '#src/ports/anchors.ts';
import type { ShardReport } from '#src/ports/shard-report.ts';
import { shardOpener } from '#src/shard/open-shard.ts';
import { Shard, type ShardReply } from '#src/shard/shard.ts';
import { activate } from './activation.ts';
import { dataFolder } from './data-folder.ts';
import { openModel } from './open-model.ts';
import { readCommandMessage, writeAnswerMessage, type FromShard, type ToShard } from './shard-messages.ts';
import { policyOf, shardParts, type ShardSettings } from './shard-parts.ts';

/** Metrics are read every few seconds at most. */
const REPORT_EVERY_MS = 250;

async function runShard(port: MessagePort, settings: ShardSettings): Promise<void> {
  const post = (message: FromShard) => {
    if (message instanceof Uint8Array) port.postMessage(message, [message.buffer]);
    else port.postMessage(message);
  };
  const onFailure = (error: unknown) => post({ type: 'failure', message: messageOf(error) });
  const onRecovered = (recovered: { readonly rows: number; readonly position: number }) =>
    post({ type: 'recovered', ...recovered });
  const onDiscarded = (reason: string) =>
    post({ type: 'failure', message: `state and histories are built again from the log: ${reason}` });
  const policy = policyOf(settings);
  const model = await openModel(settings.model, policy.baseRate, {
    onFailure,
    onTraffic: (gaps) => post({ type: 'traffic', gaps }),
  });
  const folder = dataFolder(settings.dataFolder);
  const anchors = await openAnchorFile({ path: folder.anchors, onFailed: onFailure });
  const reports = new ReportClock((report) => post({ type: 'report', report }));
  const replyTo = (reply: ShardReply) => post(messageFor(reply));
  const inbox = new Inbox(port, settings.clock, (envelopes) => shard.submit(envelopes, replyTo));
  const shard = new Shard({
    open: shardOpener(shardParts(settings, { anchors, policy, model, onRecovered, onDiscarded })),
    collect: () => inbox.collect(),
    now: () => inbox.now(),
    onBatch(head, report) {
      anchors.note(head, Date.now());
      reports.offer(report);
    },
    onFailure,
    onReadiness: (readiness) => post({ type: 'readiness', readiness }),
  });
  const { ledgerId, tokens } = await shard.start();
  await activate(shard, { settings, ledgerId, model, decidesSharedFacts: true });
  post({ type: 'started', tokens });
  inbox.onStop(() => void finish({ shard, anchors, port }));
  inbox.open();
}

async function finish({ shard, anchors, port }: { shard: Shard; anchors: AnchorStore; port: MessagePort }) {
  await shard.stop();
  await anchors.close();
  port.close();
}

/** Tells what the shard has done, not after every batch but from time to time. */
class ReportClock {
  readonly #post: (report: ShardReport) => void;
  #newest: (() => ShardReport) | undefined;

  constructor(post: (report: ShardReport) => void) {
    this.#post = post;
  }

  offer(report: () => ShardReport): void {
    if (!this.#newest) setTimeout(() => this.#tell(), REPORT_EVERY_MS).unref();
    this.#newest = report;
  }

  #tell(): void {
    const newest = this.#newest;
    this.#newest = undefined;
    if (newest) this.#post(newest());
  }
}

/** Takes messages as they come, and all that wait at once when a batch is put together. */
class Inbox {
  readonly #port: MessagePort;
  readonly #clock: ShardSettings['clock'];
  readonly #submit: (envelopes: readonly CommandEnvelope[]) => void;
  #onStop: (() => void) | undefined;
  #newest = 0;

  constructor(
    port: MessagePort,
    clock: ShardSettings['clock'],
    submit: (envelopes: readonly CommandEnvelope[]) => void,
  ) {
    this.#port = port;
    this.#clock = clock;
    this.#submit = submit;
  }

  onStop(stop: () => void): void {
    this.#onStop = stop;
  }

  open(): void {
    this.#port.on('message', (message: ToShard) => this.#take(message));
  }

  collect(): void {
    for (;;) {
      const waiting = receiveMessageOnPort(this.#port);
      if (!waiting) return;
      this.#take(waiting.message as ToShard);
    }
  }

  now(): number {
    return this.#clock.type === 'system' ? Date.now() : this.#newest;
  }

  #take(message: ToShard): void {
    if (!(message instanceof Uint8Array)) return this.#onStop?.();
    const envelopes = readCommandMessage(message);
    for (const { receivedAt } of envelopes) this.#newest = Math.max(this.#newest, receivedAt);
    this.#submit(envelopes);
  }
}

function messageFor(reply: ShardReply): FromShard {
  return reply.type === 'answered' ? writeAnswerMessage(reply) : reply;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

if (!parentPort) throw new Error('a shard runs on a thread of its own');
await runShard(parentPort, workerData as ShardSettings);
