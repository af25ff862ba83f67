import { defineConfig } from 'vitest/config';
import { SkippedTestReporter } from '#test/support/skipped-tests.ts';

/** Where a machine that counts results wants them, as JSON. */
const reportFile = process.env['VOUCH_TEST_REPORT'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The suite is meant for small machines, and crash tests start servers of their own.
    maxWorkers: 2,
    // Deadlines that say "stuck", not "slow": a small machine may be busy with something else.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', new SkippedTestReporter(), ...(reportFile === undefined ? [] : ['json'])],
    ...(reportFile === undefined ? {} : { outputFile: { json: reportFile } }),
  },
});
