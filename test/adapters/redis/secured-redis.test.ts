import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasTool } from '#test/support/optional-tool.ts';
import { RedisServer } from '#test/support/redis/redis-server.ts';
import { storeOnRedis } from '#test/support/redis/store-on-redis.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '#test/support/temporary-folder.ts';

const RECORD = new Uint8Array(48).fill(4);
/** All that the store does, and nothing else. */
const ACL =
  'user vouch on >sesame ~vouch:* resetchannels -@all +append +getrange +get +set +hset +hvals +eval +evalsha +info +cluster|slots';

/** What an operator needs beside it, to have histories built again. */
const OPERATOR = `${ACL.replace('user vouch', 'user operator')} +scan +unlink +del`;

/** As `ACL`, but for compaction. */
const KEEPER = ACL.replace('user vouch', 'user keeper').replace('+eval +evalsha ', '');

/** A certificate that signs itself, for this machine. */
function makeCertificate(folder: string): { readonly cert: string; readonly key: string } {
  const cert = join(folder, 'cert.pem');
  const key = join(folder, 'key.pem');
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  execFileSync('openssl', ['req', '-x509', ...made, ...names, '-keyout', key, '-out', cert], {
    stdio: 'ignore',
  });
  return { cert, key };
}

function reasonOf(standing: { readonly type: string; readonly reason?: string }): string {
  return standing.reason ?? '';
}

describe.skipIf(!hasTool('redis') || !hasTool('openssl'))(
  'a Redis behind TLS with a user of its own (needs redis)',
  () => {
    let server: RedisServer;
    let folder: TemporaryFolder;
    let ca = '';

    beforeAll(async () => {
      folder = await makeTemporaryFolder();
      const { cert, key } = makeCertificate(folder.path);
      ca = readFileSync(cert, 'utf8');
      server = await RedisServer.start({
        settings: {
          port: '0',
          'tls-cert-file': cert,
          'tls-key-file': key,
          'tls-ca-cert-file': cert,
          'tls-auth-clients': 'no',
        },
        tls: true,
        lines: ['user default off', ACL, OPERATOR, KEEPER],
      });
    });

    afterAll(async () => {
      await server.stop();
      await folder.remove();
    });

    test('is reached by who trusts its certificate and has the password', async () => {
      const store = await storeOnRedis({
        nodes: [server.address],
        tls: { ca },
        username: 'vouch',
        password: 'sesame',
      });
      expect(store.standing.type).toBe('ready');
      expect(await store.append([{ name: 'a1', records: RECORD }])).toEqual([48]);
      expect((await store.read([{ name: 'a1', from: 0 }]))[0]?.length).toBe(48);
      const replacement = { name: 'a1', was: RECORD, becomes: new Uint8Array(5) };
      expect(await store.replaceHead(replacement)).toBe(true);
      expect(await store.claim(['p1'], 2)).toEqual([2]);
      const mark = { epoch: 1, position: 1, head: 1, settledPosition: 0, time: 0, isWhole: true };
      await store.writeMark(2, mark);
      expect(await store.readMarks()).toEqual(new Map([[2, mark]]));
      await store.close();
    });

    test('is emptied by an operator, and not by a shard', async () => {
      const open = (username: string) =>
        storeOnRedis({ nodes: [server.address], tls: { ca }, username, password: 'sesame' });
      const [shard, operator] = await Promise.all([open('vouch'), open('operator')]);
      await expect(shard.clear(() => undefined)).rejects.toThrow('NOPERM');
      await operator.clear(() => undefined);
      expect(await operator.readMarks()).toEqual(new Map());
      await Promise.all([shard.close(), operator.close()]);
    });

    test('is not used by who may not compact histories, which shows at once and not when they have grown', async () => {
      const user = { username: 'keeper', password: 'sesame' };
      const store = await storeOnRedis({ nodes: [server.address], tls: { ca }, ...user });
      expect(reasonOf(store.standing)).toMatch(/NOPERM.*eval/);
      await store.close();
    });

    test.each([
      ['a wrong password', { username: 'vouch', password: 'wrong' }, 'WRONGPASS'],
      ['no password', {}, 'NOAUTH'],
    ])('is not reached with %s', async (_name, credentials, reason) => {
      const store = await storeOnRedis({ nodes: [server.address], tls: { ca }, ...credentials });
      expect(reasonOf(store.standing)).toContain(reason);
      await store.close();
    });

    test('is not believed without its certificate', async () => {
      const store = await storeOnRedis({
        nodes: [server.address],
        tls: {},
        username: 'vouch',
        password: 'sesame',
      });
      expect(store.standing.type).toBe('away');
      await store.close();
    });
  },
);
