import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { makeTemporaryFolder } from '#test/support/temporary-folder.ts';
import { PARAMETER_SETS } from '#training/world/parameter-sets.ts';
import { streamLine } from '#training/world/stream-line.ts';
import { createWorld } from '#training/world/world.ts';

const folder = await makeTemporaryFolder();
afterAll(() => folder.remove());

function simulate(...args: readonly string[]): { status: number | null; said: string } {
  const { status, stderr } = spawnSync(process.execPath, ['training/world/simulate.ts', ...args], {
    encoding: 'utf8',
  });
  return { status, said: stderr };
}

const SMALL = ['--days', '3', '--customers', '120', '--seed', '5'];
const fileOf = (name: string): string => join(folder.path, name);
const linesOf = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('npm run simulate', () => {
  test('writes the stream, and apart from it truth, signals, labels and reversals', () => {
    expect(simulate(...SMALL, '--out', fileOf('a.ndjson')).status).toBe(0);
    const stream = linesOf(readFileSync(fileOf('a.ndjson'), 'utf8'));
    const payments = stream.filter((line) => 'amount' in line);
    const truth = linesOf(readFileSync(fileOf('a.truth.ndjson'), 'utf8'));
    expect(payments.length).toBeGreaterThan(50);
    expect(stream.every((line) => 'amount' in line || 'account' in line || 'transfer' in line)).toBe(true);
    expect(truth.map((line) => line['paymentId'])).toEqual(payments.map((line) => line['id']));
    for (const name of ['signals', 'labels', 'reversals']) {
      expect(readFileSync(fileOf(`a.${name}.ndjson`), 'utf8').length).toBeGreaterThan(0);
    }
  });

  test('writes the same bytes for the same seed', () => {
    simulate(...SMALL, '--out', fileOf('b.ndjson'));
    simulate(...SMALL, '--out', fileOf('c.ndjson'));
    expect(readFileSync(fileOf('b.ndjson')).equals(readFileSync(fileOf('c.ndjson')))).toBe(true);
  });

  test('without a file to write says how it is used', () => {
    const { status, said } = simulate('--days', '3');
    expect(status).toBe(2);
    expect(said).toContain('--out FILE');
  });
});

describe('the fixture of the demo', () => {
  const recorded = brotliDecompressSync(readFileSync('fixtures/demo-stream/stream.ndjson.br')).toString();

  test('has a month of payments', () => {
    expect(recorded.match(/^{"id":"pay_/gm)?.length).toBeGreaterThan(20_000);
  });

  test('begins as the world of its seed does', () => {
    const world = createWorld(PARAMETER_SETS.demo, 1);
    const lines = Array.from({ length: 6_000 }, () => world.next())
      .filter((item) => item !== undefined)
      .map((item) => JSON.stringify(streamLine(item)));
    expect(recorded.startsWith(lines.join('\n'))).toBe(true);
  });
});
