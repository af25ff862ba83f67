/**
 * Says at the very end of a run which tests did not run, so that "all green" is never mistaken for "all
 * checked". `VOUCH_REQUIRE` turns that into a failure: `all`, or a list of the tools that have to be
 * there (`gcc,wrk`); a test that is left out without naming a tool then fails the run in any case.
 */
import type { Reporter, TestModule } from 'vitest/node';

const NEEDS = /\(needs ([a-z-]+)\)/;

export interface SkippedTest {
  readonly name: string;
  /** The tool that its title or its suite's title names. */
  readonly needs: string | undefined;
}

export function skippedTest(name: string): SkippedTest {
  return { name, needs: NEEDS.exec(name)?.[1] };
}

/** Those of the skipped tests that the requirement does not excuse. */
export function findUnexcused(
  skipped: readonly SkippedTest[],
  requirement: string | undefined,
): SkippedTest[] {
  if (requirement === undefined || requirement === '') return [];
  const required = requirement.split(',').map((tool) => tool.trim());
  return skipped.filter(
    ({ needs }) => required.includes('all') || needs === undefined || required.includes(needs),
  );
}

export class SkippedTestReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) =>
      [...module.children.allTests('skipped')].map((test) =>
        skippedTest(`${module.relativeModuleId}: ${test.fullName}`),
      ),
    );
    if (skipped.length === 0) return;
    const tools = [...new Set(skipped.map(({ needs }) => needs ?? 'nothing that they name'))].toSorted();
    console.error(`\nNOT CHECKED HERE: ${skipped.length} tests did not run; they need ${tools.join(', ')}.`);
    for (const { name } of skipped) console.error(`  - ${name}`);
    const unexcused = findUnexcused(skipped, process.env['VOUCH_REQUIRE']);
    if (unexcused.length === 0) return;
    console.error(
      `VOUCH_REQUIRE=${process.env['VOUCH_REQUIRE']}: ${unexcused.length} of them have to run here.`,
    );
    process.exitCode = 1;
  }
}
