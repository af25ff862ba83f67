import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFold } from '#training/handbook/protocol.ts';
import { handbookPopulation, populationCsv } from '#test/support/handbook-population.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'vouch-population-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FOLD = '2018-04-12';
const population = handbookPopulation({ seed: 7, customers: 300, terminals: 600, days: 33 });
const inFolder = (name: string): string => path.join(folder, name);

function evaluate(file: string, folds = FOLD) {
  const options = ['--protocol', 'handbook', '--data', file, '--folds', folds, '--json'];
  return spawnSync(process.execPath, ['training/evaluate.ts', ...options], { encoding: 'utf8' });
}

beforeAll(() => {
  const csv = populationCsv(population);
  writeFileSync(inFolder('population.csv'), csv);
  writeFileSync(inFolder('population.csv.gz'), gzipSync(csv));
});

describe('the published protocol on a population that nobody has published', () => {
  test('prints one JSON object with each fold and the mean, the same for a plain and a packed file', () => {
    const plain = evaluate(inFolder('population.csv'));
    expect(plain).toMatchObject({ status: 0, stderr: '' });
    const { folds, mean } = JSON.parse(plain.stdout) as Record<string, Record<string, number>>;
    const { testRows } = createFold(population, FOLD, 7);
    const testFrauds = testRows.filter((row) => population.frauds[row] === 1).length;
    expect(folds).toEqual([{ ...mean, trainStart: FOLD, testTransactions: testRows.length, testFrauds }]);
    expect(mean?.['auc']).toBeGreaterThan(0.6);
    expect(evaluate(inFolder('population.csv.gz'))).toMatchObject({ status: 0, stdout: plain.stdout });
  });

  test('a day outside the file, and a file with other columns, are told in one line', () => {
    const late = evaluate(inFolder('population.csv'), '2018-09-01');
    expect(late).toMatchObject({ status: 2, stdout: '' });
    expect(late.stderr).toMatch(/^evaluate: the file has no frauds .* 2018-09-01 .*\n$/);
    writeFileSync(inFolder('other.csv'), 'time,customer_id,terminal_id,amount,fraud\n1,1,1,1,0\n');
    expect(evaluate(inFolder('other.csv'))).toMatchObject({
      status: 2,
      stdout: '',
      stderr:
        'evaluate: the file has no column t_sec; it has: time, customer_id, terminal_id, amount, fraud (see --help)\n',
    });
  });
});
