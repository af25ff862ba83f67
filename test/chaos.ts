/**
 * `npm run chaos -- --minutes N --seed S`: a ledger in several processes, under load, while things break
 * for as long as one likes; `--only NAME` breaks one thing, `--logs FOLDER` keeps what the processes say. Ends with a report, and with 1 when something was lost, doubled or different.
 */
import { parseArgs } from 'node:util';
import { runChaos } from '#test/support/cluster/chaos-run.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string' },
    logs: { type: 'string' },
  },
});

const report = await runChaos({
  seed: Number(values.seed),
  faults: Infinity,
  millisMax: Number(values.minutes) * 60_000,
  ...(values.only === undefined ? {} : { only: values.only }),
  ...(values.logs === undefined ? {} : { logFolder: values.logs }),
  onFault: (name, acknowledged) => console.error(`${acknowledged} acknowledged; ${name}`),
});
console.log(JSON.stringify(report, undefined, 2));
const metLoad = report.acknowledgedInFaults > 0 && report.overlapping > 0;
if (!metLoad) console.error('no fault met the load: this run shows nothing');
process.exitCode = report.violations.length === 0 && metLoad ? 0 : 1;
