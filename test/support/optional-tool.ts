/**
 * Tools that some tests need and that not every machine has. A test names the one it needs in its title,
 * "(needs gcc)", and is left out where it is missing; the last lines of a run say so, and where
 * `VOUCH_REQUIRE` names the tool the run fails instead (`test/support/skipped-tests.ts`).
 */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The commands that each tool is made of. */
const COMMANDS = {
  gcc: ['gcc'],
  wrk: ['wrk'],
  redis: ['redis-server'],
  openssl: ['openssl'],
  /** A broker: Java runs it, Maven fetches it. Or one that is there already. */
  kafka: ['java', 'mvn'],
  chromium: ['chromium'],
} as const;

export type OptionalTool = keyof typeof COMMANDS;

export function hasTool(tool: OptionalTool): boolean {
  if (tool === 'kafka' && process.env['VOUCH_KAFKA_BROKERS'] !== undefined) return true;
  return COMMANDS[tool].every(isOnPath);
}

function isOnPath(command: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.some((folder) => existsSync(join(folder, command)));
}
