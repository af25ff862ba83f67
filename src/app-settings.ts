/** From what was asked for to what the service is started with. */
import { readFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { shippedPolicy } from '#src/decision/shipped-policy.ts';
import { readPolicy } from '#src/decision/read-policy.ts';
import { attemptLimitFeatures } from '#src/features/feature-catalogue.ts';
import { createLogger } from '#src/observability/logger.ts';
import type { AppSettings } from './app.ts';
import { defaultModelFolder, modelFolder } from './default-model.ts';

export interface ServeOptions {
  readonly dataFolder: string;
  readonly host: string;
  readonly port: number;
  readonly auth: 'tokens' | 'off';
  readonly openAccounts: boolean;
  readonly model: string | undefined;
  readonly policyFile: string | undefined;
}

const ACCOUNTS_CACHED_MAX = 200_000;
const HISTORY_CACHE_BYTES = 1024 ** 3;
const AHEAD_SECONDS_MAX = 300;

export async function serveSettings(options: ServeOptions): Promise<AppSettings> {
  const folder = options.model === undefined ? defaultModelFolder() : modelFolder(options.model);
  return {
    shard: {
      dataFolder: options.dataFolder,
      model: { folder, backend: 'wasm', baseRate: 'auto' },
      policy: await policyOf(options, folder),
      openOnFirstUse: options.openAccounts,
      assets: {},
      accountsCachedMax: ACCOUNTS_CACHED_MAX,
      historyCacheBytes: HISTORY_CACHE_BYTES,
      clock: { type: 'system' },
      software: '0.1.0',
    },
    host: options.host,
    port: options.port,
    auth: options.auth,
    log: createLogger('info'),
    now: Date.now,
    aheadSecondsMax: AHEAD_SECONDS_MAX,
  };
}

async function policyOf({ policyFile }: ServeOptions, model: string) {
  const document =
    policyFile === undefined ? await shippedDocument(model) : await readFile(policyFile, 'utf8');
  const result = readPolicy(document, attemptLimitFeatures());
  if (result.ok) return { version: result.policy.version, document };
  const problems = result.problems.map(({ path, message }) => `${path}: ${message}`);
  throw new Error(`${policyFile ?? 'the shipped policy'}: ${problems.join('; ')}`);
}

async function shippedDocument(model: string): Promise<string> {
  const manifest = JSON.parse(await readFile(`${model}/manifest.json`, 'utf8')) as {
    version: string;
    thresholds: { review: number; deny: number };
  };
  const { review, deny } = manifest.thresholds;
  return stringify(shippedPolicy({ version: `shipped-${manifest.version}`, thresholds: { review, deny } }));
}
