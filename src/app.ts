/**
 * Puts a ledger in one process together: the data folder's lock, the shard and the projections on
 * threads of their own, the HTTP server on this one. Started in this order, stopped in the reverse.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { acquireDataFolderLock } from '#src/adapters/sqlite/data-folder-lock.ts';
import { TokenTable } from '#src/ingest/access/token-table.ts';
import type { CommandGateway } from '#src/ports/command-gateway.ts';
import type { LedgerQueries } from '#src/ports/ledger-queries.ts';
import type { ShardReport } from '#src/ports/shard-report.ts';
import { makeDataFolder, readSecret } from './data-folder.ts';
import { drawFirstToken } from './first-token.ts';
import { bodyReaders } from './body-readers.ts';
import { startHttpService, type HttpServiceSettings } from './http-service.ts';
import { assertNotMoved } from './moved-folder.ts';
import { startProjections } from './projection-client.ts';
import { startShard, type ShardClient } from './shard-client.ts';
import type { ShardSettings } from './shard-parts.ts';

export interface AppSettings extends HttpServiceSettings {
  readonly shard: ShardSettings;
}

export interface App {
  readonly url: string;
  readonly gateway: CommandGateway;
  readonly queries: LedgerQueries;
  /** The token that was made because the ledger had none. */
  readonly firstToken: string | undefined;
  /** Finishes what was taken in, then closes everything. */
  stop(): Promise<void>;
}

/** What is running, in the order in which it was started. */
export type Stop = () => Promise<void> | void;

export function startApp(settings: AppSettings): Promise<App> {
  return startInOrder((stops, stop) => start(settings, stops, stop));
}

/** What was started is stopped in the reverse order, also when something further does not start. */
export async function startInOrder<T>(
  begin: (stops: Stop[], stop: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const stops: Stop[] = [];
  const stop = async () => {
    for (const each of stops.splice(0).toReversed()) await each();
  };
  try {
    return await begin(stops, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(settings: AppSettings, stops: Stop[], stop: () => Promise<void>): Promise<App> {
  const folder = makeDataFolder(settings.shard.dataFolder);
  assertNotMoved(folder.path);
  const lock = acquireDataFolderLock(folder.path);
  stops.push(() => lock.release());
  const shard = await startShard(settings.shard, settings.log);
  stops.push(() => shard.stop());
  const projections = await startProjections(folder, settings.log);
  stops.push(() => projections.stop());
  shard.onPosition((position) => projections.notify(position));
  shard.onReopened(() => projections.reopenLog());
  const firstToken = settings.auth === 'tokens' ? await makeFirstToken(shard, settings.now) : undefined;
  const { queries } = projections;
  const { url, close } = await startHttpService(settings, {
    gateway: shard,
    queries,
    tokens: new TokenTable(shard.tokens()),
    readers: bodyReaders({
      ...settings,
      entityKey: readSecret(folder),
      assets: settings.shard.assets,
    }),
    figures: { reports: () => reportsOf(shard), projectionLag: () => projections.lag() },
  });
  stops.push(close);
  writeFileSync(folder.pid, `${process.pid}\n`);
  stops.push(() => rmSync(folder.pid, { force: true }));
  return { url, gateway: shard, queries, firstToken, stop };
}

function* reportsOf({ report }: ShardClient): Generator<[number, ShardReport]> {
  if (report) yield [0, report];
}

async function makeFirstToken(shard: ShardClient, now: () => number): Promise<string | undefined> {
  if (shard.tokens().length > 0) return undefined;
  const { token, created } = drawFirstToken();
  await shard.ask({ command: { ...created, type: 'CreateToken' }, actor: 'system', receivedAt: now() });
  shard.addToken(created);
  return token;
}
