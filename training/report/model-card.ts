/** The model card as Markdown, after Mitchell et al., "Model Cards for Model Reporting" (2019): made from the files, never by hand. */
import type { ModelManifest } from '#src/scoring/model-manifest.ts';
import type { Detection } from '#training/evaluation/scored-payments.ts';
import type { ReleasedMetrics } from '#training/train/released-metrics.ts';

function percent(value: number): string {
  return Number.isFinite(value) ? `${(value * 100).toFixed(value < 0.01 ? 2 : 1)} %` : '–';
}

function figure(value: number | null, digits = 2): string {
  return value !== null && Number.isFinite(value) ? value.toFixed(digits) : '–';
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function detection(name: string, found: Detection): readonly string[] {
  const { recall, valueDetectionRate, falsePositiveRate, falsePositivesPerFraud, flaggedPerDay } = found;
  const counts = [figure(falsePositivesPerFraud, 1), figure(flaggedPerDay, 0)];
  return [name, percent(recall), percent(valueDetectionRate), percent(falsePositiveRate), ...counts];
}

function caught({ besideRules }: ReleasedMetrics): string {
  return table(
    ['', 'frauds caught', 'of the money', 'honest flagged', 'honest for each fraud', 'flagged a day'],
    [
      detection('ten written rules', besideRules.tenRules),
      detection('model, at as many false positives', besideRules.atRulesFalsePositives),
      detection('model, at the review threshold', besideRules.atReview),
      detection('model, at the deny threshold', besideRules.atDeny),
    ],
  );
}

function families({ besideRules }: ReleasedMetrics): string {
  return table(
    [
      '',
      'campaigns',
      'frauds',
      'average precision (95 %)',
      'caught by the rules',
      'by the model at as many false positives',
    ],
    besideRules.families.map(
      ({ family, campaigns, frauds, averagePrecision, recallByRules, recallAtRulesFalsePositives }) => [
        family.replaceAll('_', ' '),
        String(campaigns),
        String(frauds),
        `${figure(averagePrecision.value)} (${figure(averagePrecision.low)} to ${figure(averagePrecision.high)})`,
        percent(recallByRules),
        percent(recallAtRulesFalsePositives),
      ],
    ),
  );
}

function ends({ closedLoop }: ReleasedMetrics): string {
  return table(
    [
      '',
      'campaigns',
      'attempts stopped',
      'first stopped payment',
      'minutes until then',
      'EUR lost of EUR tried',
    ],
    closedLoop.families.map((end) => [
      end.family.replaceAll('_', ' '),
      String(end.campaigns),
      percent(end.stoppedShare),
      figure(end.firstStoppedPaymentMedian, 0),
      figure(end.minutesToFirstStopMedian, 0),
      `${Math.round(end.lostMinor / 100)} of ${Math.round(end.triedMinor / 100)}`,
    ]),
  );
}

export function modelCard(manifest: ModelManifest, metrics: ReleasedMetrics): string {
  const { besideRules, world, closedLoop, ownWorld } = metrics;
  const { averagePrecision } = besideRules;
  const used = manifest.features.filter((feature) => feature.transform !== 'masked').length;
  return `# ${metrics.model}

**${manifest.statement}**

## What it is for

A score for each payment, a calibrated probability of fraud, from ${used} of ${manifest.features.length} features of the
catalogue. It may serve these seats: ${manifest.seats.join(', ')}. For traffic of another kind the product says
at start-up and in \`/readyz\` what it misses.
Not for deciding about people, only about payments; not without people who review.

## Data

The simulated world of \`training/world\`, streamed from every seat and at several sizes through the product under ten written rules, of which a stable
30 % of payments were only observed; labels as they were reported (late, incomplete, sometimes wrong), issuers'
answers that say stolen or made up. ${manifest.training.rows} rows of it, ${manifest.training.frauds} of them known as fraud.
Same again: \`${manifest.training.command}\` (data ${manifest.training.dataHash.slice(0, 12)}…).

## Figures

On another world (\`${world.set}\`, seed ${world.seed}, ${world.days} days, ${world.customers} customers; other rates, merchants, devices, skills
and season), against the truth: ${besideRules.payments} payments, ${besideRules.frauds} frauds
in ${averagePrecision.campaigns} campaigns, ${world.fraudTimes} times
as many as in ordinary traffic; each counts for so much less, so that all shares are those of ordinary traffic (${percent(besideRules.fraudShare)}). Average precision
${figure(averagePrecision.value, 3)} (95 %: ${figure(averagePrecision.low, 3)} to ${figure(averagePrecision.high, 3)}), ROC AUC ${figure(besideRules.rocAuc, 3)}. Intervals draw whole
campaigns and accounts again; n is the number of campaigns. Neither thresholds nor calibration saw that world.

The rules decide, the model only scores:

${caught(metrics)}

${families(metrics)}

The model decides, and customers and attackers react to it. Of ${closedLoop.honestPayments} honest payments
${percent(closedLoop.honestDenied / closedLoop.honestPayments)} were denied; ${closedLoop.reviews} payments went to review.

${ends(metrics)}

On payments of the training worlds that it had not learnt from, against what was observed: average precision ${figure(ownWorld.averagePrecision)}. Without
${Object.entries(ownWorld.without)
  .map(([field, precision]) => `${field} ${figure(precision)}`)
  .join(', ')}.

Thresholds of the policy follow from stated costs (\`docs/policy.md\`), not from these figures. \`report.html\` beside
this file draws the curves.
`;
}
