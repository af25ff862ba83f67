/**
 * Every benchmark by its name: `npm run bench` runs the quick ones one after the other,
 * `npm run bench -- NAME [options]` one. Each says what it measures, and what it does not.
 */
import { spawnSync } from 'node:child_process';

const BENCHES = {
  http: { file: 'http-bench.ts', isQuick: true },
  pipeline: { file: 'pipeline-bench.ts', isQuick: true },
  features: { file: 'features-bench.ts', isQuick: true },
  decision: { file: 'decision-bench.ts', isQuick: true },
  log: { file: 'event-log-bench.ts', isQuick: true },
  soak: { file: 'soak-bench.ts', isQuick: false },
} as const;
type BenchName = keyof typeof BENCHES;

function isBenchName(name: string): name is BenchName {
  return name in BENCHES;
}

function run(name: BenchName, options: readonly string[]): number {
  console.log(`\n== ${name}`);
  const file = new URL(BENCHES[name].file, import.meta.url).pathname;
  return spawnSync(process.execPath, [file, ...options], { stdio: 'inherit' }).status ?? 1;
}

const [name, ...options] = process.argv.slice(2);
if (name === undefined) {
  const names = Object.keys(BENCHES).filter(isBenchName);
  process.exitCode = Math.max(...names.filter((each) => BENCHES[each].isQuick).map((each) => run(each, [])));
} else if (isBenchName(name)) process.exitCode = run(name, options);
else {
  console.error(`there is no benchmark ${name}: ${Object.keys(BENCHES).join(', ')}`);
  process.exitCode = 2;
}
