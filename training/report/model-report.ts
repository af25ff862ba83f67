/** One HTML page about a model: what it is not first, then its figures; no resources from elsewhere. */
import type { FamilyEnd } from '#training/evaluation/campaign-ends.ts';
import type { Interval } from '#training/evaluation/intervals.ts';
import type { Detection } from '#training/evaluation/scored-payments.ts';
import { lineChart } from '#training/report/line-chart.ts';
import type { FamilyMetrics, ModelMetrics } from '#training/train/model-metrics.ts';
import type { ReleasedMetrics } from '#training/train/released-metrics.ts';

const STYLE = `
:root{--ink:#1b1f24;--paper:#fff;--soft:#6a737d;--rule:#d8dee4;--c0:#0b62d6;--c1:#c2410c}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--paper:#0d1117;--soft:#9198a1;--rule:#30363d;--c0:#6cb1ff;--c1:#ff9a5c}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:62rem;margin:2rem auto;padding:0 1rem}
.statement{border-left:4px solid var(--c1);padding:.5rem 1rem;font-weight:600}
table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{padding:.3rem .6rem;border-bottom:1px solid var(--rule);text-align:right}
th:first-child,td:first-child{text-align:left}caption{text-align:left;font-weight:600;padding:.3rem 0}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(20rem,1fr));gap:1rem}
svg{width:100%;font-size:11px;fill:var(--ink)}.grid{stroke:var(--rule);fill:none}.title{font-weight:600;font-size:13px}
.line{fill:none;stroke-width:2}.c0{stroke:var(--c0)}.c1{stroke:var(--c1)}.dashed{stroke-dasharray:4 3}.t0{fill:var(--c0)}.t1{fill:var(--c1)}
.scroll{overflow-x:auto}@media print{body{margin:0;max-width:none}}`;

function percent(value: number): string {
  return Number.isFinite(value) ? `${(value * 100).toFixed(value < 0.01 ? 2 : 1)} %` : '–';
}

function figure(value: number | null, digits = 2): string {
  return value !== null && Number.isFinite(value) ? value.toFixed(digits) : '–';
}

function interval({ value, low, high }: Interval): string {
  return `${figure(value, 3)} <small>(${figure(low, 3)} to ${figure(high, 3)})</small>`;
}

function table(caption: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
  return `<div class="scroll"><table><caption>${caption}</caption>${line(head, 'th')}${rows.map((row) => line(row, 'td')).join('')}</table></div>`;
}

function detectionRow(name: string, found: Detection): readonly string[] {
  return [
    name,
    percent(found.recall),
    percent(found.valueDetectionRate),
    percent(found.falsePositiveRate),
    figure(found.falsePositivesPerFraud),
    figure(found.flaggedPerDay, 0),
  ];
}

function detectionTable(metrics: ModelMetrics): string {
  const head = [
    '',
    'frauds caught',
    'of the money',
    'honest flagged',
    'honest for each fraud',
    'flagged a day',
  ];
  return table('What is caught, on the same payments', head, [
    detectionRow('ten rules', metrics.tenRules),
    detectionRow("model at the rules' false positives", metrics.atRulesFalsePositives),
    detectionRow('model at the review threshold', metrics.atReview),
    detectionRow('model at the deny threshold', metrics.atDeny),
  ]);
}

function familyRow(family: FamilyMetrics): readonly string[] {
  return [
    family.family.replaceAll('_', ' '),
    String(family.campaigns),
    String(family.frauds),
    interval(family.averagePrecision),
    percent(family.recallByRules),
    percent(family.recallAtRulesFalsePositives),
  ];
}

function endRow(end: FamilyEnd): readonly string[] {
  return [
    end.family.replaceAll('_', ' '),
    String(end.campaigns),
    percent(end.stoppedShare),
    figure(end.firstStoppedPaymentMedian, 0),
    figure(end.minutesToFirstStopMedian, 0),
    `${Math.round(end.lostMinor / 100)} of ${Math.round(end.triedMinor / 100)}`,
  ];
}

function charts({ curve, reliability, tenRules }: ModelMetrics): string {
  const rulesPrecision = tenRules.fraudsCaught / tenRules.flagged;
  const drawn = [
    lineChart({
      title: 'Precision and recall',
      xLabel: 'share of frauds caught',
      yLabel: 'share of flagged that are fraud',
      lines: [
        { label: 'model', points: curve.map((point) => [point.recall, point.precision] as const) },
        {
          label: 'ten rules',
          points: [
            [tenRules.recall, 0],
            [tenRules.recall, rulesPrecision],
          ],
          dashed: true,
        },
      ],
    }),
    lineChart({
      title: 'ROC',
      xLabel: 'share of honest payments flagged',
      yLabel: 'share of frauds caught',
      lines: [
        {
          label: 'model',
          points: [[0, 0], ...curve.map((point) => [point.falsePositiveRate, point.recall] as const), [1, 1]],
        },
        {
          label: 'chance',
          points: [
            [0, 0],
            [1, 1],
          ],
          dashed: true,
        },
      ],
    }),
    lineChart({
      title: 'Calibration',
      xLabel: 'probability said',
      yLabel: 'share that was fraud',
      logarithmicFrom: 1e-4,
      lines: [
        {
          label: 'model',
          points: reliability
            .filter((bin) => bin.payments > 0)
            .map((bin) => [bin.meanScore, bin.fraudShare] as const),
        },
        {
          label: 'perfect',
          points: [
            [1e-4, 1e-4],
            [1, 1],
          ],
          dashed: true,
        },
      ],
    }),
  ];
  return `<div class="charts">${drawn.join('')}</div>`;
}

export function modelReport({ statement, model, world, besideRules, closedLoop }: ReleasedMetrics): string {
  const families = table(
    'By kind of fraud, ranked among all honest payments',
    [
      '',
      'campaigns',
      'frauds',
      'average precision (95 %)',
      'caught by rules',
      'by the model at equal false positives',
    ],
    besideRules.families.map(familyRow),
  );
  const ends = table(
    'With the model deciding: how campaigns ended',
    [
      '',
      'campaigns',
      'attempts stopped',
      'first stopped payment',
      'minutes until then',
      'lost, of what was tried (EUR)',
    ],
    closedLoop.families.map(endRow),
  );
  const share = (count: number): string => percent(count / closedLoop.honestPayments);
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<title>${model}</title><style>${STYLE}</style></head><body>`,
    `<h1>${model}</h1><p class="statement">${statement}</p>`,
    `<p>Measured on the world “${world.set}” (seed ${world.seed}, ${world.days} days, ${world.customers} customers): `,
    `${besideRules.payments} payments, ${besideRules.frauds} frauds (${percent(besideRules.fraudShare)}) in `,
    `${besideRules.averagePrecision.campaigns} campaigns. Average precision ${interval(besideRules.averagePrecision)}, `,
    `ROC AUC ${figure(besideRules.rocAuc, 3)}. Intervals draw whole campaigns and accounts again.</p>`,
    charts(besideRules),
    detectionTable(besideRules),
    families,
    ends,
    `<p>Of ${closedLoop.honestPayments} honest payments ${share(closedLoop.honestDenied)} were denied; ${closedLoop.reviews} payments went to review.</p>`,
    '</body></html>\n',
  ].join('');
}
