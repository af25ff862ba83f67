/**
 * The demo: the main job on real input. It starts the service in a temporary folder, plays thirty
 * recorded days through it over HTTP, and shows what was caught, what was missed and that the books hold.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApp, type App } from '#src/app.ts';
import { appSettings } from '#src/app-settings.ts';
import { loadConfig } from '#src/config.ts';
import { dataFolder } from '#src/data-folder.ts';
import { runVerify } from '#src/verify.ts';
import { createDemoClient, type DemoClient } from './demo-client.ts';
import { readDemoStream, type StreamItem, type StreamPayment } from './demo-stream.ts';
import {
  balanceLines,
  campaignLines,
  comparisonLines,
  honestLine,
  type AccountBalance,
} from './closing-report.ts';
import { flipByteOfCopy } from './flip-byte.ts';
import { LiveView } from './live-view.ts';
import { compareWithRules } from './rules-comparison.ts';
import { StreamPlayer, type PlayedPayment } from './stream-player.ts';
import { createStyle, type Style } from './style.ts';

const BALANCES_SHOWN = 4;

export interface DemoOptions {
  /** Ends when everything is shown, instead of leaving the server up. */
  readonly exit: boolean;
  /** Resolves when the server should stop. */
  readonly untilStopped: () => Promise<unknown>;
}

interface Demo {
  readonly app: App;
  readonly client: DemoClient;
  readonly folder: string;
  readonly style: Style;
  readonly say: (...lines: readonly string[]) => void;
}

export async function runDemo({ exit, untilStopped }: DemoOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'vouch-demo-'));
  const items = readDemoStream();
  const clock = { now: items.find((item) => item.kind === 'payment')?.at ?? 0 };
  const app = await startApp(await demoSettings(folder, clock));
  try {
    const demo = demoOf(app, folder);
    introduce(demo);
    const played = await play(demo, items, clock);
    await close(demo, played);
    if (exit) return;
    demo.say(demo.style.dim('The server stays up until Ctrl-C; its folder goes with it.'));
    await untilStopped();
  } finally {
    await app.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function demoSettings(folder: string, clock: { now: number }) {
  const config = loadConfig();
  const settings = await appSettings({
    config: { ...config, server: { ...config.server, port: 0 }, log: { level: 'warn' } },
    dataFolder: folder,
    auth: 'off',
  });
  const shard = { ...settings.shard, clock: { type: 'stream', startsAt: clock.now } as const };
  return { ...settings, shard, now: () => clock.now };
}

function demoOf(app: App, folder: string): Demo {
  const style = createStyle(process.stdout.isTTY && process.stdout.hasColors());
  const say = (...lines: readonly string[]) => void process.stdout.write(`${lines.join('\n')}\n`);
  return { app, client: createDemoClient(app.url), folder, style, say };
}

function introduce({ app, folder, style, say }: Demo): void {
  const { bold, dim } = style;
  say(
    bold('Vouch holds each payment, scores it, decides, and lets into its journal only'),
    bold('what is approved.'),
    dim('Thirty simulated days of one wallet, over HTTP. Three payments in a hundred'),
    dim('are fraud, ten times as many as in a real stream. The attackers were'),
    dim('recorded: they do not react.'),
    dim(`Data in ${folder}; tokens are off, only this machine can`),
    dim(`reach ${app.url}.`),
    '',
  );
}

async function play(
  { client }: Demo,
  items: readonly StreamItem[],
  clock: { now: number },
): Promise<readonly PlayedPayment[]> {
  const payments = items.filter((item) => item.kind === 'payment');
  const view = new LiveView({
    stream: process.stdout,
    totalPayments: payments.length,
    startsAt: clock.now,
    followed: longestTest(payments),
  });
  const played: PlayedPayment[] = [];
  const player = new StreamPlayer({
    client,
    setTime: (at) => (clock.now = at),
    onPayment: (one) => {
      played.push(one);
      view.add(one);
    },
  });
  await player.play(items);
  view.end(clock.now);
  return played;
}

/** The run of card testing with the most attempts. */
function longestTest(payments: readonly StreamPayment[]): string {
  const tests = payments.filter(({ truth }) => truth.family === 'card_testing');
  const byCampaign = Map.groupBy(tests, ({ truth }) => truth.campaign ?? '');
  const [longest] = [...byCampaign].toSorted(([, a], [, b]) => b.length - a.length);
  return longest?.[0] ?? '';
}

async function close(demo: Demo, played: readonly PlayedPayment[]): Promise<void> {
  const { folder, style, say } = demo;
  say('', ...campaignLines(played, style), honestLine(played), '');
  const truths = new Map(played.map((one) => [one.sent.truth.paymentId, one.sent]));
  const comparison = await compareWithRules(dataFolder(folder).log, (id) => {
    const sent = truths.get(id);
    return sent && { fraud: sent.truth.fraud, amountMinor: sent.amount };
  });
  say(...comparisonLines(comparison, style), '');
  say(...balanceLines(await busiestAccounts(demo, played), style), '');
  say(...(await verifyLines(demo, played)), '');
  say(...nextLines(demo.app.url, played, style));
}

async function busiestAccounts(
  { client }: Demo,
  played: readonly PlayedPayment[],
): Promise<readonly AccountBalance[]> {
  const counts = new Map<string, number>();
  for (const { sent } of played) {
    const { creditor } = JSON.parse(sent.line) as { creditor: string };
    counts.set(creditor, (counts.get(creditor) ?? 0) + 1);
  }
  const busiest = [...counts].toSorted(([, a], [, b]) => b - a).slice(0, BALANCES_SHOWN);
  return Promise.all(busiest.map(([id]) => client.get<AccountBalance>(`/v1/accounts/${id}`)));
}

async function verifyLines(
  { folder, style }: Demo,
  played: readonly PlayedPayment[],
): Promise<readonly string[]> {
  const { good, bad, bold } = style;
  const report = await runVerify({ dataFolder: folder });
  const counts = `${report.events} events, ${report.payments} payments, ${report.entries} entries`;
  const held = report.ok
    ? good(`everything holds: ${counts}`)
    : bad(`it does not hold: ${report.problems[0]?.detail}`);
  const middle = played[played.length >> 1]?.sent.truth.paymentId ?? '';
  const copy = join(folder, 'copy');
  await flipByteOfCopy(dataFolder(folder).log, copy, middle);
  const flipped = await runVerify({ dataFolder: copy });
  const [problem] = flipped.problems;
  return [
    bold('vouch verify'),
    `  the ledger: ${held}`,
    `  a copy with one byte of ${middle} flipped: ${
      problem ? bad(`found at row ${problem.position}: ${problem.detail}`) : 'NOT FOUND'
    }`,
  ];
}

function nextLines(url: string, played: readonly PlayedPayment[], { bold }: Style): readonly string[] {
  const denied = played.findLast(({ decided }) => decided.decision?.outcome === 'deny');
  return [
    bold('Try next'),
    `  curl -s ${url}/v1/payments/${denied?.decided.id ?? ''}`,
    `  curl -s '${url}/v1/payments?status=pending&limit=5'`,
    `  npx vouch serve --data ledger --open-accounts`,
  ];
}
