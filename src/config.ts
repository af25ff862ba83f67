/**
 * Reads the configuration: a file, environment variables over it, defaults below it. The only reader of
 * `process.env`, and done before anything starts: everything wrong is said at once, with its path.
 */
import { readFileSync } from 'node:fs';
import { parse, YAMLParseError } from 'yaml';
import { configSchema } from '#src/config/config-schema.ts';
import { ENTITY_KEY } from '#src/config/cluster-schema.ts';
import type { ClusterConfig, Config, RedisConfig, Source, WrittenConfig } from '#src/config/config-schema.ts';
import type { WrittenSecret } from '#src/config/config-values.ts';
import { overlayEnvironment } from '#src/config/environment.ts';
import type { Variables } from '#src/config/environment.ts';
import { listProblems } from '#src/ingest/list-problems.ts';
import type { InputProblem } from '#src/ingest/list-problems.ts';

/** The configuration does not say what it must; nothing was started. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly retryable = false;
  readonly problems: readonly InputProblem[];

  constructor(where: string, problems: readonly InputProblem[]) {
    const lines = problems.map(({ path, message }) => `  ${path === '' ? where : path}: ${message}`);
    super(`${where} cannot be used:\n${lines.join('\n')}`);
    this.problems = problems;
  }
}

export interface ConfigInput {
  /** `--config`; without it only variables and defaults count. */
  readonly file?: string;
  readonly variables?: Variables;
}

/** Throws `ConfigError`. */
export function loadConfig({ file, variables = process.env }: ConfigInput = {}): Config {
  const where = file ?? 'the environment';
  const { tree, problems } = overlayEnvironment(file === undefined ? {} : readYaml(file), variables);
  const parsed = configSchema.safeParse(tree);
  const found = [...problems, ...(parsed.success ? [] : listProblems(configSchema, parsed.error.issues))];
  if (!parsed.success || found.length > 0) throw new ConfigError(where, found);
  const { cluster: written, server: writtenServer, ...rest } = parsed.data;
  const { sources, missing } = resolveSources(rest.sources, variables);
  const cluster = written && resolveCluster(written, variables, missing);
  const server = resolveServer(writtenServer, variables, missing);
  if (missing.length > 0) throw new ConfigError(where, missing);
  return deepFreeze({ ...rest, server, sources, ...(cluster ? { cluster } : {}) });
}

function readYaml(file: string): Record<string, unknown> {
  const value = parseYaml(file, readText(file));
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new ConfigError(file, [{ path: '', message: 'must be a map of keys to values' }]);
  }
  return { ...value };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new ConfigError(file, [{ path: '', message: `cannot be read (${code})` }]);
  }
}

function parseYaml(file: string, text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 });
  } catch (error) {
    if (!(error instanceof YAMLParseError || error instanceof ReferenceError)) throw error;
    const line = error instanceof YAMLParseError ? error.linePos?.[0].line : undefined;
    const place = line === undefined ? '' : ` at line ${line}`;
    throw new ConfigError(file, [{ path: '', message: `is not YAML that can be read${place}` }]);
  }
}

function resolveSources(written: WrittenConfig['sources'], variables: Variables) {
  const missing: InputProblem[] = [];
  const sources: Record<string, Source> = {};
  for (const [name, source] of Object.entries(written)) {
    const secrets = source.secrets.map((secret, index) => {
      const value = readSecret(secret, variables);
      if (value === undefined)
        missing.push({ path: `sources.${name}.secrets.${index}`, message: 'is not there' });
      return value ?? '';
    });
    sources[name] = { ...source, secrets };
  }
  return { sources, missing };
}

/** Adds to `missing` what cannot be read. */
function resolveServer(
  { metricsToken, ...server }: WrittenConfig['server'],
  variables: Variables,
  missing: InputProblem[],
): Config['server'] {
  if (metricsToken === undefined) return server;
  const token = readSecret(metricsToken, variables);
  if (token === undefined) missing.push({ path: 'server.metricsToken', message: 'is not there' });
  return { ...server, metricsToken: token ?? '' };
}

/** Adds to `missing` what cannot be read. */
function resolveCluster(
  written: NonNullable<WrittenConfig['cluster']>,
  variables: Variables,
  missing: InputProblem[],
): ClusterConfig {
  const resolve = (name: string, secret: WrittenSecret): string => {
    const value = readSecret(secret, variables);
    if (value === undefined) missing.push({ path: `cluster.${name}`, message: 'is not there' });
    return value ?? '';
  };
  const { sasl, redis, ...cluster } = written;
  const entityKey = resolve('entityKey', cluster.entityKey);
  if (entityKey !== '' && !ENTITY_KEY.test(entityKey))
    missing.push({ path: 'cluster.entityKey', message: 'must be 32 hexadecimal digits' });
  const password = sasl && { ...sasl, password: resolve('sasl.password', sasl.password) };
  const histories = redis && resolveRedis(redis, resolve);
  return {
    ...cluster,
    entityKey,
    ...(password ? { sasl: password } : {}),
    ...(histories ? { redis: histories } : {}),
  };
}

function resolveRedis(
  { password, ...redis }: NonNullable<NonNullable<WrittenConfig['cluster']>['redis']>,
  resolve: (name: string, secret: WrittenSecret) => string,
): RedisConfig {
  return { ...redis, ...(password === undefined ? {} : { password: resolve('redis.password', password) }) };
}

/** Undefined when the variable or file is missing or empty. */
function readSecret(secret: WrittenSecret, variables: Variables): string | undefined {
  if (typeof secret === 'string') return secret;
  if ('env' in secret) return variables[secret.env] || undefined;
  try {
    return readFileSync(secret.file, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    for (const inside of Object.values(value)) deepFreeze(inside);
    Object.freeze(value);
  }
  return value;
}

/** A variable that is no key of the configuration, such as the token of a client. */
export function readVariable(name: 'VOUCH_TOKEN'): string | undefined {
  return process.env[name];
}
