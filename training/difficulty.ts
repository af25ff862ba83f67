/**
 * `npm run difficulty`: measures how hard the worlds are, prints it, and fails when one is too easy.
 * Nothing here says anything about real payments.
 */
import { parseArgs } from 'node:util';
import { startWasmBackend } from '#src/adapters/tfjs/wasm-backend.ts';
import { streamDifficulty } from '#training/difficulty/stream-difficulty.ts';
import { tooEasy } from '#training/difficulty/too-easy.ts';
import { SEATS } from '#training/world/parameters.ts';

const HELP = `usage: npm run difficulty -- [--seat wallet|shop|bank] [--days N] [--customers N] [--times N] [--worlds N]

Learns on so many worlds like the training world and measures on the evaluation world. --times has so
many times as much fraud as usual, each of which counts so much less. Exit code 1 when it is too easy.`;

const { values } = parseArgs({
  options: {
    seat: { type: 'string', default: 'wallet' },
    days: { type: 'string', default: '30' },
    customers: { type: 'string', default: '6000' },
    times: { type: 'string', default: '8' },
    worlds: { type: 'string', default: '4' },
    help: { type: 'boolean', default: false },
  },
});
const seat = SEATS.find((each) => each === values.seat);
const [days, customers, fraudTimes, worlds] = [
  values.days,
  values.customers,
  values.times,
  values.worlds,
].map(Number);
if (values.help || seat === undefined || !days || !customers || !fraudTimes || !worlds) {
  console.error(HELP);
  process.exitCode = 2;
} else {
  await startWasmBackend();
  const difficulty = await streamDifficulty({ seat, days, customers, fraudTimes, worlds, keptShare: 0.25 });
  console.log(JSON.stringify({ ...difficulty, singles: difficulty.singles.slice(0, 10) }, undefined, 1));
  const reasons = tooEasy(difficulty);
  for (const reason of reasons) console.error(`too easy: ${reason}`);
  process.exitCode = reasons.length > 0 ? 1 : 0;
}
