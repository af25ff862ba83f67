/**
 * Tools that some tests need and that not every machine has. A test names the one it needs in its title,
 * "(needs gcc)", and is left out where it is missing; the last lines of a run say so, and where
 * `VOUCH_REQUIRE` names the tool the run fails instead (`test/support/skipped-tests.ts`).
 */
import { spawnSync } from 'node:child_process';

/** How to ask each tool whether it is there. */
const PROBES = {
  gcc: ['gcc', '--version'],
  wrk: ['wrk', '-v'],
  redis: ['redis-server', '--version'],
  chromium: ['chromium', '--version'],
} as const;

export type OptionalTool = keyof typeof PROBES;

export function hasTool(tool: OptionalTool): boolean {
  const [command, ...parameters] = PROBES[tool];
  return spawnSync(command, parameters, { stdio: 'ignore', timeout: 10_000 }).error === undefined;
}
