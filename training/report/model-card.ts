/** The model card as Markdown, after Mitchell et al., "Model Cards for Model Reporting" (2019): made from the files, never by hand. */
import type { ModelManifest } from '#src/scoring/model-manifest.ts';
import type { ReleasedMetrics } from '#training/evaluation/released-metrics.ts';
import type { SeatMetrics } from '#training/evaluation/seat-metrics.ts';
import { figure, percent, words } from '#training/report/figures.ts';
import {
  calibrationTable,
  capacityTable,
  detectionTable,
  endsTable,
  familiesTable,
  leftOutTable,
  maskedTable,
  referenceTable,
  seatsTable,
} from '#training/report/tables.ts';
import type { Table } from '#training/report/tables.ts';

const SEATS = {
  wallet: 'a wallet or card issuer: an account that pays at many merchants, with card, device and address',
  shop: 'one shop behind a provider: many cards, mostly guests, one merchant',
  bank: 'a bank: transfers between accounts, without card, device or address',
} as const satisfies Record<SeatMetrics['seat'], string>;

/** Families of which less is caught than this are named as weak. */
const WEAK_RECALL = 0.5;

function drawn({ caption, head, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const table = [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
  return `${caption}:\n\n${table}`;
}

function weakFamilies({ seats }: ReleasedMetrics): string {
  const weak = seats.flatMap(({ seat, besideRules }) =>
    besideRules.families
      .filter(({ recallAtRulesFalsePositives }) => recallAtRulesFalsePositives.value < WEAK_RECALL)
      .map(
        ({ family, recallAtRulesFalsePositives }) =>
          `${words(family)} for the ${seat} (${percent(recallAtRulesFalsePositives.value)})`,
      ),
  );
  return weak.length === 0 ? 'none' : weak.join(', ');
}

function seatSection(seat: SeatMetrics): string {
  const { closedLoop, observed, world } = seat;
  const tables = [detectionTable, familiesTable, capacityTable, endsTable, calibrationTable, maskedTable];
  return `### Seat: ${seat.seat}

${SEATS[seat.seat]}. World \`${world.set}\`, seed ${world.seed}, ${world.days} days, ${world.customers} customers.
${observed.payments} of its payments went through; ${observed.reportedFrauds} of their ${observed.frauds} frauds were reported, and ${observed.reportedHonest} honest
ones as well. Average precision on these: ${figure(observed.averagePrecision.value)} against what was reported,
${figure(observed.againstTruth.value)} against the truth.

${tables.map((tableOf) => drawn(tableOf(seat))).join('\n\n')}

With the model deciding, of ${closedLoop.honestPayments} honest payments ${percent(closedLoop.honestDenied / closedLoop.honestPayments)} were denied; ${closedLoop.reviews} payments went
to review, ${figure(closedLoop.reviewsPerDay, 0)} a day.`;
}

export function modelCard(manifest: ModelManifest, metrics: ReleasedMetrics): string {
  const { reference, leftOut, ownWorld, seats } = metrics;
  const used = manifest.features.filter((feature) => feature.transform !== 'masked').length;
  const times = seats[0]?.world.fraudTimes ?? 1;
  const sections = [
    `# ${metrics.model}

**${manifest.statement}**

## What it is for

A score for each payment, a calibrated probability of fraud, from ${used} of ${manifest.features.length} features of the
catalogue. It may serve these seats: ${manifest.seats.join(', ')}. For traffic of another kind the product says at start-up
and in \`/readyz\` what it misses. Not for deciding about people, only about payments; not without people who review.

## Data

The simulated world of \`training/world\`, streamed from every seat and at several sizes through the product under ten written rules, of which a stable
30 % of payments were only observed; labels as they were reported (late, incomplete, sometimes wrong), issuers'
answers that say stolen or made up. ${manifest.training.rows} rows of it, ${manifest.training.frauds} of them known as fraud.
Same again: \`${manifest.training.command}\` (data ${manifest.training.dataHash.slice(0, 12)}…).

## Figures

On another world: other rates, merchants, devices, skills and season, not only another seed. It has ${times} times as much fraud
as ordinary traffic, and each counts for so much less, so that all shares and counts a day are those of ordinary traffic.
Intervals draw whole campaigns and cards again, accounts where a payment has no card; n is the number of campaigns. Neither thresholds nor calibration saw
that world. Measured again by \`${metrics.command}\`.

${drawn(seatsTable(metrics))}

Weak, less than half caught at the false positives of the rules: ${weakFamilies(metrics)}.
On rows of its own worlds that it had not learnt from, against what was observed: average precision ${figure(ownWorld.averagePrecision)}.`,
    ...(reference === undefined ? [] : [drawn(referenceTable(reference))]),
    ...(leftOut === undefined ? [] : [drawn(leftOutTable(leftOut))]),
    ...seats.map(seatSection),
    `Thresholds of the policy follow from stated costs (\`docs/policy.md\`), not from these figures. \`report.html\` beside
this file draws the curves.`,
  ];
  return `${sections.join('\n\n')}\n`;
}
