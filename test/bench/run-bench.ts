/**
 * `npm run bench -- NAME [OPTIONS]` runs `NAME-bench.ts` of this folder; without a name it runs the two
 * that the project promises figures for, one after the other, so that they do not disturb each other.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const SUFFIX = '-bench.ts';
const PROMISED = ['pipeline', 'http'];

const known = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(SUFFIX) && file !== `run${SUFFIX}`)
  .map((file) => file.slice(0, -SUFFIX.length));
const [name, ...options] = process.argv.slice(2);

if (name !== undefined && !known.includes(name)) {
  console.error(`there is no benchmark ${name}; there are ${known.join(', ')}`);
  process.exitCode = 2;
} else {
  for (const each of name === undefined ? PROMISED : [name]) {
    const file = join(import.meta.dirname, `${each}${SUFFIX}`);
    const { status } = spawnSync(process.execPath, [file, ...options], { stdio: 'inherit' });
    process.exitCode ||= status ?? 1;
  }
}
