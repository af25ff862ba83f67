/** Runs a script in a process whose file operations can be made to fail (`fail-io.c`). Linux with gcc only. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const SHIM_SOURCE = 'test/support/faults/fail-io.c';
/** A run takes seconds; this is for machines that do much else. */
const DEADLINE_MS = 120_000;
const run = promisify(execFile);

/** Compiles the shim into `folder`. @returns the path of the library */
export async function compileShim(folder: string): Promise<string> {
  const library = join(folder, 'fail-io.so');
  await run('gcc', [
    '-Wall',
    '-Wextra',
    '-Werror',
    '-O1',
    '-shared',
    '-fPIC',
    '-o',
    library,
    SHIM_SOURCE,
    '-ldl',
  ]);
  return library;
}

export interface FaultyRun {
  readonly script: string;
  /** Given to the script as its first argument; the control file is `control` in it. */
  readonly folder: string;
  readonly library: string;
}

/** @returns what the script printed */
export async function runWithFaults({ script, folder, library }: FaultyRun): Promise<string> {
  const environment = { ...process.env, LD_PRELOAD: library, FAIL_IO_CONTROL: join(folder, 'control') };
  const { stdout } = await run(process.execPath, [script, folder], {
    env: environment,
    timeout: DEADLINE_MS,
  });
  return stdout;
}
