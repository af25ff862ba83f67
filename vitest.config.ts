import { defineConfig } from 'vitest/config';
import { SkippedTestReporter } from '#test/support/skipped-tests.ts';

/** Where a machine that counts results wants them, as JSON. */
const reportFile = process.env['VOUCH_TEST_REPORT'];

const ON_SERVERS = 'test/integration/**/*.test.ts';

export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: 'alone', include: ['test/**/*.test.ts'], exclude: [ON_SERVERS] } },
      // Against real servers, which are started once for all of them.
      {
        extends: true,
        test: {
          name: 'cluster',
          include: [ON_SERVERS],
          globalSetup: ['test/support/kafka/kafka-setup.ts'],
        },
      },
    ],
    // The suite is meant for small machines, and crash tests start servers of their own.
    maxWorkers: 2,
    // Deadlines that say "stuck", not "slow": a small machine may be busy with something else.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    reporters: ['default', new SkippedTestReporter(), ...(reportFile === undefined ? [] : ['json'])],
    ...(reportFile === undefined ? {} : { outputFile: { json: reportFile } }),
  },
});
