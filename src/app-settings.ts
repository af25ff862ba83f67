/** From configuration and command line to what the service is started with. */
import { readFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { DEFAULT_LIMITS, type HttpLimits } from '#src/adapters/http/http-deps.ts';
import type { Config } from '#src/config/config-schema.ts';
import { readPolicy } from '#src/decision/read-policy.ts';
import { shippedPolicy } from '#src/decision/shipped-policy.ts';
import { attemptLimitFeatures } from '#src/features/feature-catalogue.ts';
import { createLogger } from '#src/observability/logger.ts';
import { modelManifest } from '#src/scoring/model-manifest.ts';
import type { AppSettings } from './app.ts';
import { defaultModelFolder, modelFolder } from './default-model.ts';
import type { ShardSettings } from './shard-parts.ts';

export interface AppOptions {
  readonly config: Config;
  readonly dataFolder: string;
  readonly auth: 'tokens' | 'off';
}

/** An account in memory with its place in the maps. */
const ACCOUNT_BYTES = 600;
const MIB = 1024 ** 2;
/** Of the memory for caches, what accounts get; histories get the rest. */
const ACCOUNTS_SHARE = 0.2;
const SOFTWARE = '0.1.0';

export async function appSettings({ config, dataFolder, auth }: AppOptions): Promise<AppSettings> {
  const { server } = config;
  const shard = await shardSettings(config, dataFolder);
  return {
    shard,
    host: server.host,
    port: server.port,
    auth,
    log: createLogger(config.log.level),
    now: Date.now,
    ...(server.metricsToken === undefined ? {} : { metricsToken: server.metricsToken }),
    aheadSecondsMax: server.aheadSeconds,
    limits: {
      ...DEFAULT_LIMITS,
      inFlightMax: server.inFlightMax,
      lateOutcome: lateOutcomeOf(shard),
      ...(server.requestsPerSecond === undefined ? {} : { requestsPerSecond: server.requestsPerSecond }),
      connectionsMax: server.connectionsMax,
      idleSeconds: server.idleSeconds,
      slowReaderSeconds: server.slowReaderSeconds,
    },
  };
}

/** @throws when the policy or the model that it names cannot be used. */
export async function shardSettings(config: Config, dataFolder: string): Promise<ShardSettings> {
  const { scoring, accounts, assets, memory } = config;
  const folder = scoring.model === undefined ? defaultModelFolder() : modelFolder(scoring.model);
  const cacheBytes = memory.cacheMiB * MIB;
  return {
    dataFolder,
    model: { folder, backend: scoring.backend },
    policy: await policyDocument(config.policy, folder),
    openOnFirstUse: accounts.open === 'onFirstUse',
    assets,
    accountsCachedMax: Math.ceil((cacheBytes * ACCOUNTS_SHARE) / ACCOUNT_BYTES),
    historyCacheBytes: Math.floor(cacheBytes * (1 - ACCOUNTS_SHARE)),
    clock: { type: 'system' },
    software: SOFTWARE,
  };
}

/** What the policy in force says to a client that does not wait for the decision. */
function lateOutcomeOf({ policy }: ShardSettings): HttpLimits['lateOutcome'] {
  const result = readPolicy(policy.document, attemptLimitFeatures());
  return result.ok ? result.policy.degraded.late : DEFAULT_LIMITS.lateOutcome;
}

async function policyDocument(file: string | undefined, model: string) {
  const document = file === undefined ? await shippedDocument(model) : await readFile(file, 'utf8');
  const result = readPolicy(document, attemptLimitFeatures());
  if (result.ok) return { version: result.policy.version, document };
  const problems = result.problems.map(({ path, message }) => `${path}: ${message}`);
  throw new Error(`${file ?? 'the policy that ships'} cannot be used: ${problems.join('; ')}`);
}

/** The policy that ships with a model: hard limits, and the thresholds that the model was published with. */
async function shippedDocument(model: string): Promise<string> {
  const { name, version, thresholds } = modelManifest.parse(
    JSON.parse(await readFile(`${model}/manifest.json`, 'utf8')),
  );
  const { review, deny } = thresholds;
  return stringify(shippedPolicy({ version: `${name}-${version}`, thresholds: { review, deny } }));
}
