/**
 * `npm run difficulty`: measures how hard the worlds are, prints it, and fails when one is too easy.
 * Nothing here says anything about real payments.
 */
import { parseArgs } from 'node:util';
import { startWasmBackend } from '#src/adapters/tfjs/wasm-backend.ts';
import { measureDifficulty } from '#training/difficulty/measure-difficulty.ts';
import { tooEasy } from '#training/difficulty/too-easy.ts';
import { trueRows } from '#training/difficulty/true-rows.ts';
import { EVALUATION, forSeat, TRAINING } from '#training/world/parameter-sets.ts';
import type { Seat, WorldParameters } from '#training/world/parameters.ts';

const HELP = `usage: npm run difficulty -- [--seat wallet|shop|bank] [--days N] [--customers N] [--times N]

Learns on the training world and measures on the evaluation world. --times has so many times as much
fraud as usual, each of which counts so much less. Exit code 1 when a world is too easy.`;
const SEATS: readonly Seat[] = ['wallet', 'shop', 'bank'];

const { values } = parseArgs({
  options: {
    seat: { type: 'string', default: 'wallet' },
    days: { type: 'string', default: '30' },
    customers: { type: 'string', default: '6000' },
    times: { type: 'string', default: '8' },
    help: { type: 'boolean', default: false },
  },
});
const seat = SEATS.find((each) => each === values.seat);
const [days, customers, times] = [values.days, values.customers, values.times].map(Number);
if (values.help || seat === undefined || !days || !customers || !times) {
  console.error(HELP);
  process.exitCode = 2;
} else {
  await startWasmBackend();
  const rowsOf = (set: WorldParameters, seed: number) => {
    const people = { ...set.people, count: customers };
    const fraud = { ...set.fraud, share: set.fraud.share * times };
    const parameters = forSeat({ ...set, days, people, fraud }, seat);
    return trueRows({ parameters, seed, fraudTimes: times, keptShare: 0.25 });
  };
  const difficulty = measureDifficulty(await rowsOf(TRAINING, 1), await rowsOf(EVALUATION, 2));
  console.log(JSON.stringify({ ...difficulty, singles: difficulty.singles.slice(0, 10) }, undefined, 1));
  const reasons = tooEasy(difficulty);
  for (const reason of reasons) console.error(`too easy: ${reason}`);
  process.exitCode = reasons.length > 0 ? 1 : 0;
}
