/** The jars of a Kafka broker, fetched by Maven once and kept in a folder for temporary files. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The version that `pom.xml` names, so that another one is kept beside this one. */
const VERSION = '3.9.1';
/** 46 MB take ten seconds where the connection is good. */
const FETCH_WITHIN_MS = 600_000;
const POM = new URL('./pom.xml', import.meta.url);
const run = promisify(execFile);

/** @returns the folder with the jars. @throws when Maven cannot fetch them. */
export async function kafkaLibraries(): Promise<string> {
  const folder = join(tmpdir(), `vouch-kafka-${VERSION}`);
  if (!existsSync(folder)) await fetchInto(folder);
  return folder;
}

/** Whoever comes second throws away what it fetched: a folder under its final name is whole. */
async function fetchInto(folder: string): Promise<void> {
  const workshop = await mkdtemp(`${folder}-`);
  try {
    await copyFile(POM, join(workshop, 'pom.xml'));
    const jars = join(workshop, 'jars');
    await mkdir(jars);
    const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${jars}`, '-DincludeScope=runtime'];
    await run('mvn', ['-q', '-B', ...goal], { cwd: workshop, timeout: FETCH_WITHIN_MS });
    await rename(jars, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}
