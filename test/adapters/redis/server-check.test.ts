import { expect, test } from 'vitest';
import { checkServers } from '#src/adapters/redis/server-check.ts';

/** What `INFO` says, as far as it matters. */
function info(fields: Readonly<Record<string, string>> = {}): string {
  const whole = {
    redis_version: '7.0.15',
    run_id: 'a1',
    role: 'master',
    maxmemory_policy: 'noeviction',
    ...fields,
  };
  const lines = Object.entries(whole).map(([name, value]) => `${name}:${value}`);
  return ['# Server', ...lines, ''].join('\r\n');
}

test('servers are known by their runs, in whatever order they answer', () => {
  const both = checkServers([info({ run_id: 'a1' }), info({ run_id: 'b2' })]);
  expect(checkServers([info({ run_id: 'b2' }), info({ run_id: 'a1' })])).toBe(both);
  expect(checkServers([info({ run_id: 'a1' }), info({ run_id: 'b3' })])).not.toBe(both);
});

test.each([
  ['an old version', { redis_version: '6.2.14' }, 'version 7.0 or newer is needed'],
  ['no version', { redis_version: 'unstable' }, 'version 7.0 or newer is needed'],
  ['a replica', { role: 'slave' }, 'takes no writes'],
  ['a policy that evicts', { maxmemory_policy: 'volatile-lru' }, 'has to be noeviction'],
])('%s is not used, whatever the others are', (_name, fields, reason) => {
  expect(() => checkServers([info(), info(fields)])).toThrow(reason);
});

test('no server is no store', () => {
  expect(() => checkServers([])).toThrow('no server takes writes');
});
