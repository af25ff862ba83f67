/**
 * The thread of the read models: follows the log on a connection that only reads, and answers queries.
 * A log that cannot be read or that contradicts itself stops the following, not the answers; it is
 * tried again with the next batch.
 */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { openLevelDbStateStore } from '#src/adapters/leveldb/leveldb-state-store.ts';
import { openReopenableReader } from '#src/adapters/sqlite/reopenable-reader.ts';
import { isStoreDamage } from '#src/ports/state-store-error.ts';
import type { StateStore } from '#src/ports/state-store.ts';
import { CursorInvalidError, ProjectionBehindError } from '#src/ports/ledger-queries.ts';
import { ProjectionReader } from '#src/projections/projection-reader.ts';
import { Projection } from '#src/projections/projection.ts';
import type {
  FromProjections,
  ProjectionThreadSettings,
  QueryCall,
  QueryFault,
  ReadQueries,
  ToProjections,
} from './projection-messages.ts';

/**
 * What a restart has to read again takes a second. Read models that are built anew take longer than a
 * service may be away: after this time they are asked while they come up, and say how far they are.
 */
const READY_WITHIN_MS = 5_000;

if (!parentPort) throw new Error('read models have a thread of their own');
await runProjections(parentPort, workerData as ProjectionThreadSettings);

async function runProjections(port: MessagePort, settings: ProjectionThreadSettings): Promise<void> {
  const post = (message: FromProjections) => port.postMessage(message);
  const log = await openReopenableReader(settings.logFile);
  const rebuild = (reason: string) => post({ type: 'rebuild', reason });
  const store = await openStore(settings.storeFolder, rebuild);
  const projection = await Projection.open({
    store,
    log,
    seedIfNew: { high: randomBytes(4).readUInt32LE(), low: randomBytes(4).readUInt32LE() },
    onRebuild: rebuild,
  });
  const reader = new ProjectionReader({ projection, log, waitMs: settings.waitMs, after });
  const queries = reader.queries();
  queries.onPosition((position) => post({ type: 'position', position }));
  const failed = (error: unknown) =>
    post({ type: 'failure', error: error instanceof Error ? error : new Error(String(error)) });
  const follow = (head: number) => reader.advance(head).catch(failed);
  const stop = async () => {
    port.close();
    await reader.stop();
    await store.close();
    await log.close();
  };
  await Promise.race([
    follow((await log.head()).position),
    delay(READY_WITHIN_MS, undefined, { ref: false }),
  ]);
  port.on('message', (message: ToProjections) => {
    if (message.type === 'head') void follow(message.position);
    else if (message.type === 'reopen') void log.reopen().catch(failed);
    else if (message.type === 'stop') void stop();
    else void answer(queries, message, post);
  });
  post({ type: 'ready', position: reader.position });
}

/** A damaged one is removed: the log has all that it says. */
async function openStore(folder: string, onRebuild: (reason: string) => void): Promise<StateStore> {
  try {
    return await openLevelDbStateStore(folder);
  } catch (error) {
    if (!isStoreDamage(error)) throw error;
    onRebuild(messageOf(error));
    await rm(folder, { recursive: true });
    return openLevelDbStateStore(folder);
  }
}

async function answer(
  queries: ReadQueries,
  { id, call }: ToProjections & { readonly type: 'query' },
  post: (message: FromProjections) => void,
): Promise<void> {
  try {
    post({ type: 'result', id, value: await ask(queries, call) });
  } catch (error) {
    post({ type: 'error', id, fault: faultOf(error), message: messageOf(error) });
  }
}

function ask(queries: ReadQueries, call: QueryCall): Promise<unknown> {
  switch (call.name) {
    case 'payment':
      return queries.payment(...call.args);
    case 'searchPayments':
      return queries.searchPayments(...call.args);
    case 'account':
      return queries.account(...call.args);
    case 'accountEntries':
      return queries.accountEntries(...call.args);
    case 'entity':
      return queries.entity(...call.args);
    case 'listEntries':
      return queries.listEntries(...call.args);
    case 'subject':
      return queries.subject(...call.args);
    case 'tokens':
      return queries.tokens(...call.args);
    case 'journal':
      return queries.journal(...call.args);
    case 'events':
      return queries.events(...call.args);
  }
}

function faultOf(error: unknown): QueryFault {
  if (error instanceof ProjectionBehindError) return 'behind';
  return error instanceof CursorInvalidError ? 'cursor' : 'other';
}

function after(delayMs: number, callback: () => void): () => void {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
