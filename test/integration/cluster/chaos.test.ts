/** At least fifty faults under load; longer by `npm run chaos -- --minutes N --seed S`. */
import { beforeAll, describe, expect, it } from 'vitest';
import { runChaos, type ChaosReport } from '#test/support/cluster/chaos-run.ts';
import { hasTool } from '#test/support/optional-tool.ts';

const FAULT_COUNT = Number(process.env['VOUCH_CHAOS_FAULTS'] ?? 50);
const SEED = Number(process.env['VOUCH_CHAOS_SEED'] ?? Date.now() % 1_000_000);
const MILLIS_PER_FAULT_MAX = 60_000;

describe.skipIf(!hasTool('kafka') || !hasTool('redis'))(
  'a ledger whose parts break under load (needs kafka)',
  () => {
    let report: ChaosReport;
    beforeAll(async () => {
      report = await runChaos({
        seed: SEED,
        faults: FAULT_COUNT,
        millisMax: Infinity,
        onFault: () => undefined,
      });
      console.log(`chaos: ${JSON.stringify({ ...report, violations: report.violations.length })}`);
    }, MILLIS_PER_FAULT_MAX * FAULT_COUNT);

    it('loses nothing that it acknowledged, does nothing twice, and keeps all money', () => {
      expect(report.violations).toEqual([]);
    });

    it('was really broken under load, and in several places at once', () => {
      expect(Object.values(report.faults).reduce((sum, count) => sum + count, 0)).toBe(FAULT_COUNT);
      expect(report.overlapping).toBeGreaterThan(0);
      expect(report.acknowledgedInFaults).toBeGreaterThan(FAULT_COUNT);
      expect(report.repeated).toBeGreaterThan(0);
    });
  },
);
