import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '#src/config.ts';
import { CONFIG_KEYS } from '#src/config/config-keys.ts';
import { makeTemporaryFolder } from '#test/support/temporary-folder.ts';
import type { TemporaryFolder } from '#test/support/temporary-folder.ts';

let folder: TemporaryFolder;
let files = 0;
beforeAll(async () => {
  folder = await makeTemporaryFolder();
});
afterAll(() => folder.remove());

function written(text: string): string {
  const file = join(folder.path, `vouch-${++files}.yaml`);
  writeFileSync(file, text);
  return file;
}

function load(text: string, variables: Record<string, string> = {}) {
  return loadConfig({ file: written(text), variables });
}

function problemPaths(text: string, variables: Record<string, string> = {}): string[] {
  try {
    load(text, variables);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ path }) => path);
  }
}

const KEY = '00112233445566778899aabbccddeeff';

describe('the section of a cluster', () => {
  it('is not there unless it is written', () => {
    expect(load('').cluster).toBeUndefined();
  });

  it('has defaults for all but brokers and the key of entities, which may come from variables', () => {
    const { cluster } = load('', { VOUCH_CLUSTER_BROKERS: 'a:9092, b:9092', VOUCH_CLUSTER_ENTITY_KEY: KEY });
    expect(cluster).toEqual({
      brokers: ['a:9092', 'b:9092'],
      checkpoints: { everyMinutes: 60 },
      prefix: 'vouch',
      partitions: 2,
      replication: 1,
      entityKey: KEY,
      tls: { on: false },
    });
  });

  it('reads its secrets where they stand', () => {
    const text =
      'cluster:\n  brokers: [a:1]\n  entityKey: { env: KEY }\n  sasl: { username: u, password: { env: P } }';
    expect(load(text, { KEY, P: 'pass' }).cluster).toMatchObject({
      entityKey: KEY,
      sasl: { mechanism: 'scram-sha-512', username: 'u', password: 'pass' },
    });
  });

  it('names the Redis where histories are shared, its password wherever that stands', () => {
    const variables = { VOUCH_CLUSTER_BROKERS: 'a:1', VOUCH_CLUSTER_ENTITY_KEY: KEY, P: 'pass' };
    const text = 'cluster: { redis: { nodes: ["r:6379"], username: vouch, password: { env: P } } }';
    expect(load(text, variables).cluster?.redis).toEqual({
      nodes: ['r:6379'],
      cluster: false,
      username: 'vouch',
      password: 'pass',
      answerMs: 500,
      tls: { on: false },
    });
  });

  it.each([
    [
      'a Redis without a port',
      `cluster: { brokers: ["a:1"], entityKey: ${KEY}, redis: { nodes: [r] } }`,
      ['cluster.redis.nodes.0'],
    ],
    [
      'a password of Redis that is not there',
      `cluster: { brokers: ["a:1"], entityKey: ${KEY}, redis: { nodes: ["r:1"], password: { env: NONE } } }`,
      ['cluster.redis.password'],
    ],
    ['no brokers', `cluster: { entityKey: ${KEY} }`, ['cluster.brokers']],
    ['a broker without a port', `cluster: { brokers: [a], entityKey: ${KEY} }`, ['cluster.brokers.0']],
    ['no key', 'cluster: { brokers: ["a:1"] }', ['cluster.entityKey']],
    ['a key that is none', 'cluster: { brokers: ["a:1"], entityKey: secret }', ['cluster.entityKey']],
    [
      'a secret that is not there',
      'cluster: { brokers: ["a:1"], entityKey: { env: NONE } }',
      ['cluster.entityKey'],
    ],
  ])('is refused with %s', (_, text, paths) => {
    expect(problemPaths(text)).toEqual(paths);
  });
});

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(loadConfig({ variables: {} })).toMatchObject({
      server: { host: '127.0.0.1', port: 8080 },
      accounts: { open: 'never' },
      assets: {},
      outbound: { allowPrivate: false },
      sources: {},
    });
    expect(load('')).toEqual(loadConfig({ variables: {} }));
  });

  it('is what the file says, and frozen', () => {
    const config = load('server: { port: 9000 }\naccounts: { open: onFirstUse }\nassets: { BTC: 8 }\n');
    expect(config).toMatchObject({
      server: { port: 9000 },
      accounts: { open: 'onFirstUse' },
      assets: { BTC: 8 },
    });
    expect(Object.isFrozen(config.server)).toBe(true);
  });

  it('is overlaid by a variable for every key', () => {
    const variables = {
      VOUCH_SERVER_PORT: '9001',
      VOUCH_OUTBOUND_ALLOW_PRIVATE: 'true',
      VOUCH_POLICY: 'p.yaml',
    };
    expect(load('server: { port: 9000, host: ::1 }', variables)).toMatchObject({
      server: { port: 9001, host: '::1' },
      outbound: { allowPrivate: true },
      policy: 'p.yaml',
    });
  });

  it('has all of its problems named at once, by path, with what was meant', () => {
    const text = 'server: { prot: 1, port: 70000 }\naccounts: { open: sometimes }\nassets: { btc: 8 }\n';
    expect(problemPaths(text)).toEqual(['server.port', 'server.prot', 'accounts.open', 'assets.btc']);
    expect(() => load(text)).toThrow('did you mean "port"');
  });

  it.each([
    ['server: [', ''],
    ['- a list', ''],
    ['a: &x 1\nb: *x', ''],
  ])('that is not a map in YAML is refused: %s', (text, path) => expect(problemPaths(text)).toEqual([path]));

  it('that is not there is refused, naming the file', () => {
    expect(() => loadConfig({ file: '/nowhere/vouch.yaml', variables: {} })).toThrow(
      '/nowhere/vouch.yaml: cannot be read (ENOENT)',
    );
  });

  it('refuses variables that are no numbers or flags, or that nobody reads', () => {
    expect(problemPaths('', { VOUCH_SERVER_PORT: 'eighty' })).toEqual(['VOUCH_SERVER_PORT']);
    expect(problemPaths('', { VOUCH_OUTBOUND_ALLOW_PRIVATE: 'yes' })).toEqual([
      'VOUCH_OUTBOUND_ALLOW_PRIVATE',
    ]);
    expect(problemPaths('', { VOUCH_SERVER_PROT: '1' })).toEqual(['VOUCH_SERVER_PROT']);
    expect(problemPaths('', { VOUCH_TOKEN: 'x', HOME: '/' })).toEqual([]);
  });

  it('takes secrets from the file, a variable or a file of their own', () => {
    const secretFile = written('from a file\n');
    const source = (secrets: string) => `sources: { shop: { kind: stripe, secrets: [${secrets}] } }`;
    const config = load(source(`{ env: SHOP_SECRET }, { file: ${secretFile} }`), {
      SHOP_SECRET: 'from a variable',
    });
    expect(config.sources['shop']?.secrets).toEqual(['from a variable', 'from a file']);
    expect(load(source('plain')).sources['shop']?.secrets).toEqual(['plain']);
    expect(problemPaths(source('{ env: NOT_SET }'))).toEqual(['sources.shop.secrets.0']);
  });
});

describe('docs/configuration.md', () => {
  it('lists every key with its variable, default and meaning', () => {
    const page = readFileSync('docs/configuration.md', 'utf8');
    const rows = CONFIG_KEYS.map(({ path, variable, description, fallback }) => {
      const shown = fallback === undefined ? '–' : `\`${fallback}\``;
      return `| \`${path.join('.')}\` | \`${variable}\` | ${shown} | ${description} |`;
    });
    const listed = page.split('\n').filter((line) => line.startsWith('| `') && line.includes('`VOUCH_'));
    expect(listed).toEqual(rows);
  });

  it('has an example that can be loaded', () => {
    const page = readFileSync('docs/configuration.md', 'utf8');
    const example = /```yaml\n([\s\S]+?)```/.exec(page)?.[1] ?? '';
    expect(load(example, { SHOP_WEBHOOK_SECRET: 'whsec_x' }).server.port).toBe(8080);
  });
});
