import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer } from '#test/support/crash/server-process.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '#test/support/temporary-folder.ts';

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

function vouch(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['src/main.ts', ...args], (failure, out, error) => {
      resolve({ code: failure ? Number(failure.code) : 0, out, error });
    });
  });
}

const LINES = [
  '{"account":{"id":"customer:1","asset":"EUR","overdraft":"forbidden"}}',
  '{"account":{"id":"merchant:1","asset":"EUR","overdraft":"forbidden"}}',
  '{"account":{"id":"bank:1","asset":"EUR","overdraft":"allowed"}}',
  '{"transfer":{"id":"t1","debtor":"bank:1","creditor":"customer:1","amount":1000,"asset":"EUR","reason":"funding"}}',
  '{"id":"p1","occurredAt":"2026-11-24T10:15:30Z","amount":400,"asset":"EUR","debtor":"customer:1","creditor":"merchant:1"}',
  '{"id":"p2","occurredAt":"2026-11-24T10:15:31Z","amount":4000,"asset":"EUR","debtor":"customer:1","creditor":"merchant:1"}',
  'not a line of JSON',
];

describe('the commands of the program', () => {
  let folder: TemporaryFolder;
  let data: string;
  let file: string;

  beforeAll(async () => {
    folder = await makeTemporaryFolder();
    data = join(folder.path, 'data');
    file = join(folder.path, 'payments.ndjson');
    await writeFile(file, `${LINES.join('\n')}\n`);
  });

  afterAll(() => folder.remove());

  test('import takes what it can, names the line that it cannot, and does nothing twice', async () => {
    const first = await vouch('import', '--data', data, file, '--json');
    expect(first).toMatchObject({ code: 1 });
    expect(JSON.parse(first.out)).toMatchObject({
      lines: 7,
      done: 6,
      refused: 1,
      problems: [{ line: 7, detail: 'not a JSON object' }],
      payments: { rejected: 1 },
    });
    const second = await vouch('import', '--data', data, file, '--json');
    expect(JSON.parse(second.out)).toMatchObject({ done: 0, repeated: 6, refused: 1 });
  });

  test('verify, replay and the recomputed vectors hold what was imported', async () => {
    const verified = await vouch('verify', '--data', data, '--json');
    expect(verified.code).toBe(0);
    expect(JSON.parse(verified.out)).toMatchObject({ ok: true, payments: 2, problems: [] });
    const replayed = await vouch('replay', '--data', data, '--recompute-features', '--json');
    expect(replayed.code).toBe(0);
    expect(JSON.parse(replayed.out)).toMatchObject({ payments: 2 });
  });

  test('token create shows a token once, and a folder in use is refused with who uses it', async () => {
    const made = await vouch('token', 'create', '--data', data, '--name', 'ci', '--scope', 'admin', '--json');
    expect(JSON.parse(made.out)).toEqual({
      token: expect.stringMatching(/^vouch_/) as string,
      id: expect.any(String) as string,
    });
    const server = await startServer(data);
    const pid = (await readFile(join(data, 'vouch.pid'), 'utf8')).trim();
    const refused = await vouch('token', 'create', '--data', data, '--name', 'ci', '--scope', 'admin');
    await server.terminate();
    expect(refused.code).toBe(2);
    expect(refused.error).toContain(`is in use by process ${pid}`);
  });

  test('rates import takes the rates of a day and refuses what is none', async () => {
    const rates = join(folder.path, 'rates.json');
    await writeFile(rates, '{"date":"2026-11-24","base":"EUR","rates":{"USD":1.08}}');
    expect((await vouch('rates', 'import', '--data', data, rates)).code).toBe(0);
    await writeFile(rates, '{"date":"2026-11-24","base":"EUR","rates":{"USD":-1}}');
    const refused = await vouch('rates', 'import', '--data', data, rates);
    expect(refused.code).toBe(2);
    expect(refused.error).toContain('rates.USD');
  });

  test.each([
    { args: ['nonsense'], says: 'there is no command nonsense' },
    { args: ['serve'], says: '--data is missing' },
    { args: ['serve', '--data', 'd', '--port', '70000'], says: '--port 70000 is not a port' },
    { args: ['serve', '--data', 'd', '--wrong'], says: '--wrong' },
    { args: ['verify', '--data', '/nowhere'], says: 'there is no log' },
  ])('$args ends with one line that says what is wrong', async ({ args, says }) => {
    const ended = await vouch(...args);
    expect(ended.code).not.toBe(0);
    expect(ended.error).toContain(says);
    expect(ended.error).not.toContain('    at ');
  });
});
