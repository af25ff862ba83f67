import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PROJECT_ROOT } from '#test/tidy/source-tree.ts';

const run = (...parameters: string[]) =>
  spawnSync(process.execPath, [join(PROJECT_ROOT, 'bin/vouch.mjs'), ...parameters], { encoding: 'utf8' });

test('the launcher starts the program and hands on what it is asked', () => {
  const { status, stdout, stderr } = run('--help');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('vouch COMMAND');
});

test('the launcher hands on that a command was wrong', () => {
  expect(run('no-such-command').status).toBe(2);
});
