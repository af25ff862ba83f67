/** `npm run closed-loop`: trains on worlds that react and on recordings that do not, and compares. */
import { parseArgs } from 'node:util';
import { startWasmBackend } from '#src/adapters/tfjs/wasm-backend.ts';
import { studyLoop } from '#training/train/loop-study.ts';
import { planOf } from '#training/train/training-plan.ts';

const HELP = `usage: npm run closed-loop -- [--days N] [--customers N] [--seed N]

Trains a wallet's model twice, on worlds that hear of decisions and on recordings of a time when all
was approved, and measures both where their own decisions are heard.`;

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '30' },
    customers: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
const [days, customers, seed] = [values.days, values.customers, values.seed].map(Number);
if (values.help || !days || !customers || !seed) {
  console.error(HELP);
  process.exitCode = 2;
} else {
  await startWasmBackend();
  const plan = planOf({ days, customers, seed, seat: 'wallet' });
  for (const loop of ['closed', 'open'] as const)
    console.log(JSON.stringify(await studyLoop(plan, loop), undefined, 1));
}
