/** The tables of a model's card and report: the same figures in both, each drawn in its own way. */
import type { FamilyEnd } from '#training/evaluation/campaign-ends.ts';
import type { ReferenceMetrics } from '#training/evaluation/boosted-reference.ts';
import type { LeftOutFamily } from '#training/evaluation/left-out.ts';
import type { FamilyMetrics } from '#training/evaluation/model-metrics.ts';
import type { ReleasedMetrics } from '#training/evaluation/released-metrics.ts';
import type { Detection } from '#training/evaluation/scored-payments.ts';
import type { SeatMetrics } from '#training/evaluation/seat-metrics.ts';
import {
  between,
  duration,
  euros,
  figure,
  percent,
  percentBetween,
  words,
} from '#training/report/figures.ts';

export interface Table {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

function detectionRow(name: string, found: Detection): readonly string[] {
  const { recall, valueDetectionRate, falsePositiveRate, falsePositivesPerFraud, flaggedPerDay } = found;
  const counts = [figure(falsePositivesPerFraud, 1), figure(flaggedPerDay, 0)];
  return [name, percent(recall), percent(valueDetectionRate), percent(falsePositiveRate), ...counts];
}

export function seatsTable({ seats }: ReleasedMetrics): Table {
  return {
    caption: 'One line for each seat, on the evaluation world',
    head: [
      'seat',
      'payments',
      'frauds (share)',
      'campaigns',
      'average precision against the truth (95 %)',
      'against what was reported (95 %)',
      'ROC AUC',
    ],
    rows: seats.map(({ seat, besideRules, observed }) => [
      seat,
      String(besideRules.payments),
      `${besideRules.frauds} (${percent(besideRules.fraudShare)})`,
      String(besideRules.averagePrecision.campaigns),
      between(besideRules.averagePrecision),
      between(observed.averagePrecision),
      figure(besideRules.rocAuc, 3),
    ]),
  };
}

export function detectionTable({ besideRules }: SeatMetrics): Table {
  return {
    caption: 'What is caught, on the same payments',
    head: ['', 'frauds caught', 'of the money', 'honest flagged', 'honest for each fraud', 'flagged a day'],
    rows: [
      detectionRow('ten written rules', besideRules.tenRules),
      detectionRow('model, at as many false positives', besideRules.atRulesFalsePositives),
      detectionRow('model, at the review threshold', besideRules.atReview),
      detectionRow('model, at the deny threshold', besideRules.atDeny),
    ],
  };
}

function familyRow(found: FamilyMetrics, { observed }: SeatMetrics): readonly string[] {
  const reported = observed.families.find(({ family }) => family === found.family);
  return [
    words(found.family),
    String(found.campaigns),
    String(found.frauds),
    between(found.averagePrecision),
    reported === undefined || reported.reported === 0 ? '–' : between(reported.averagePrecision),
    reported === undefined ? '–' : percent(reported.reported / reported.shown),
    percent(found.recallByRules),
    percentBetween(found.recallAtRulesFalsePositives),
    percent(found.valueAtRulesFalsePositives),
  ];
}

export function familiesTable(seat: SeatMetrics): Table {
  return {
    caption: 'By kind of fraud, each among all honest payments',
    head: [
      '',
      'campaigns',
      'frauds',
      'average precision (95 %)',
      'against what was reported (95 %)',
      'of those that went through, reported',
      'caught by the rules',
      'by the model at as many false positives (95 %)',
      'of the money',
    ],
    rows: seat.besideRules.families.map((family) => familyRow(family, seat)),
  };
}

export function capacityTable({ capacity }: SeatMetrics): Table {
  return {
    caption: 'What a team catches that looks at so many alerts a day (160 are a day of one person)',
    head: ['alerts a day', 'of them fraud', 'frauds caught', 'of the money'],
    rows: capacity.map(({ alertsPerDay, precision, recall, valueDetectionRate }) => [
      String(alertsPerDay),
      percent(precision),
      percent(recall),
      percent(valueDetectionRate),
    ]),
  };
}

function endRow(end: FamilyEnd): readonly string[] {
  return [
    words(end.family),
    String(end.campaigns),
    percent(end.stoppedShare),
    figure(end.firstStoppedPaymentMedian, 0),
    duration(end.minutesToFirstStopMedian),
    duration(end.minutesToLastLossMedian),
    euros(end.lostMinorMedian),
    `${euros(end.lostMinor)} of ${euros(end.triedMinor)}`,
  ];
}

export function endsTable({ closedLoop }: SeatMetrics): Table {
  return {
    caption: 'The model decides, and customers and attackers react: how campaigns ended',
    head: [
      '',
      'campaigns',
      'attempts stopped',
      'first stopped payment',
      'time until then',
      'time until it got nothing more',
      'EUR lost to the median campaign',
      'EUR lost of EUR tried',
    ],
    rows: closedLoop.families.map(endRow),
  };
}

export function maskedTable({ besideRules, without }: SeatMetrics): Table {
  const { averagePrecision, atRulesFalsePositives } = besideRules;
  return {
    caption: 'When a group of fields is not sent',
    head: ['without', 'average precision', "frauds caught at the rules' false positives"],
    rows: [
      ['(nothing missing)', figure(averagePrecision.value), percent(atRulesFalsePositives.recall)],
      ...Object.entries(without).map(([name, masked]) => [
        name,
        figure(masked.averagePrecision),
        percent(masked.recallAtRulesFalsePositives),
      ]),
    ],
  };
}

export function calibrationTable({ besideRules }: SeatMetrics): Table {
  return {
    caption: `Calibration: ${percent(besideRules.meanScore)} said on average, ${percent(besideRules.fraudShare)} came true`,
    head: ['probability from', 'to', 'payments', 'said on average', 'came true'],
    rows: besideRules.reliability.map(({ from, to, payments, meanScore, fraudShare }) => [
      String(from),
      String(to),
      String(payments),
      percent(meanScore),
      percent(fraudShare),
    ]),
  };
}

export function referenceTable({ library, trees, seats }: ReferenceMetrics): Table {
  return {
    caption: `Beside ${library}, ${trees} trees on the same rows and features`,
    head: [
      'seat',
      'its average precision (95 %)',
      'the model is ahead by (95 %)',
      "its frauds caught at the rules' false positives",
    ],
    rows: seats.map((seat) => [
      seat.seat,
      between(seat.averagePrecision),
      between(seat.modelAhead),
      percent(seat.recallAtRulesFalsePositives),
    ]),
  };
}

export function leftOutTable(leftOut: readonly LeftOutFamily[]): Table {
  return {
    caption: 'A family that training never saw',
    head: [
      'left out',
      'seat',
      'frauds',
      'average precision when learnt',
      'when left out (95 %)',
      "caught at the rules' false positives when learnt",
      'when left out (95 %)',
    ],
    rows: leftOut.map((one) => [
      words(one.family),
      one.seat,
      String(one.frauds),
      figure(one.learnt.averagePrecision.value),
      between(one.leftOut.averagePrecision),
      percent(one.learnt.recallAtRulesFalsePositives.value),
      percentBetween(one.leftOut.recallAtRulesFalsePositives),
    ]),
  };
}
