/**
 * The Handbook's own fifteen features, in its names and definitions: a card's windows include the
 * current transaction, a terminal's windows end one label delay before it.
 */
import type { FeatureSource, Transaction } from '#training/handbook/feature-source.ts';
import { TimeSeries } from '#training/handbook/time-series.ts';
import { DAY_SECONDS } from '#training/handbook/transactions.ts';

const WINDOW_DAYS = [1, 7, 30] as const;
const NIGHT_LAST_HOUR = 6;
/** The first day of the data is a Sunday; days count from it, Monday is 0. */
const FIRST_WEEKDAY = 6;
const SATURDAY = 5;

export const PUBLISHED_FEATURES: readonly string[] = [
  'TX_AMOUNT',
  'TX_DURING_WEEKEND',
  'TX_DURING_NIGHT',
  ...WINDOW_DAYS.flatMap((days) => [
    `CUSTOMER_ID_NB_TX_${days}DAY_WINDOW`,
    `CUSTOMER_ID_AVG_AMOUNT_${days}DAY_WINDOW`,
  ]),
  ...WINDOW_DAYS.flatMap((days) => [
    `TERMINAL_ID_NB_TX_${days}DAY_WINDOW`,
    `TERMINAL_ID_RISK_${days}DAY_WINDOW`,
  ]),
];

export function seriesOf(list: TimeSeries[], entity: number): TimeSeries {
  return (list[entity] ??= new TimeSeries());
}

export function createPublishedFeatures(labelDelaySeconds: number): FeatureSource {
  const cards: TimeSeries[] = [];
  const terminals: TimeSeries[] = [];

  const calendar = ({ second }: Transaction): readonly number[] => {
    const weekday = (Math.floor(second / DAY_SECONDS) + FIRST_WEEKDAY) % 7;
    const hour = Math.floor((second % DAY_SECONDS) / 3600);
    return [weekday >= SATURDAY ? 1 : 0, hour <= NIGHT_LAST_HOUR ? 1 : 0];
  };

  const cardWindows = (series: TimeSeries, { second }: Transaction): readonly number[] =>
    WINDOW_DAYS.flatMap((days) => {
      const { count, sum } = series.within(second - days * DAY_SECONDS, second);
      return [count, sum / count / 100];
    });

  const terminalWindows = (series: TimeSeries, { second }: Transaction): readonly number[] =>
    WINDOW_DAYS.flatMap((days) => {
      const end = second - labelDelaySeconds;
      const { count, sum } = series.within(end - days * DAY_SECONDS, end);
      return [count, count > 0 ? sum / count : 0];
    });

  return {
    names: PUBLISHED_FEATURES,
    observe: (transaction, isFraud, { out, at }) => {
      const card = seriesOf(cards, transaction.card);
      const terminal = seriesOf(terminals, transaction.terminal);
      card.add(transaction.second, transaction.amountMinor);
      const values = [
        transaction.amountMinor / 100,
        ...calendar(transaction),
        ...cardWindows(card, transaction),
        ...terminalWindows(terminal, transaction),
      ];
      terminal.add(transaction.second, isFraud ? 1 : 0);
      out.set(values, at);
    },
  };
}
