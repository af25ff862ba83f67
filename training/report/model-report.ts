/** One HTML page about a model: what it is not first, then its figures; no resources from elsewhere. */
import type { ModelMetrics } from '#training/evaluation/model-metrics.ts';
import type { ReleasedMetrics } from '#training/evaluation/released-metrics.ts';
import type { SeatMetrics } from '#training/evaluation/seat-metrics.ts';
import { figure, percent } from '#training/report/figures.ts';
import { lineChart } from '#training/report/line-chart.ts';
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

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function drawn({ caption, head, rows }: Table): string {
  const line = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
  const lines = [line(head, 'th'), ...rows.map((row) => line(row, 'td'))];
  return `<div class="scroll"><table><caption>${escaped(caption)}</caption>${lines.join('')}</table></div>`;
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

function seatSection(seat: SeatMetrics): string {
  const { world, closedLoop } = seat;
  const tables = [detectionTable, familiesTable, capacityTable, endsTable, calibrationTable, maskedTable];
  return [
    `<section><h2>Seat: ${seat.seat}</h2><p>World “${world.set}”, seed ${world.seed}, ${world.days} days, `,
    `${world.customers} customers, ${world.fraudTimes} times as much fraud as ordinary traffic; `,
    'each counts for so much less.</p>',
    charts(seat.besideRules),
    tables.map((tableOf) => drawn(tableOf(seat))).join(''),
    `<p>Of ${closedLoop.honestPayments} honest payments ${percent(closedLoop.honestDenied / closedLoop.honestPayments)} `,
    `were denied; ${closedLoop.reviews} payments went to review, ${figure(closedLoop.reviewsPerDay, 0)} a day.</p></section>`,
  ].join('');
}

export function modelReport(metrics: ReleasedMetrics): string {
  const { statement, model, seats, reference, leftOut } = metrics;
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<title>${model}</title><style>${STYLE}</style></head><body>`,
    `<h1>${model}</h1><p class="statement">${escaped(statement)}</p>`,
    drawn(seatsTable(metrics)),
    '<p>Intervals draw whole campaigns and cards again, accounts where a payment has no card; n is the number of campaigns.</p>',
    reference === undefined ? '' : drawn(referenceTable(reference)),
    leftOut === undefined ? '' : drawn(leftOutTable(leftOut)),
    seats.map(seatSection).join(''),
    '</body></html>\n',
  ].join('');
}
