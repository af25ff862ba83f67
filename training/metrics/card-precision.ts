/**
 * Card precision at k, as the Fraud Detection Handbook defines it: each day the k cards with the
 * highest scores are looked at, and the share of them with a fraud that day is that day's precision.
 * A card that was found is not looked at again. The result is the mean over days.
 */

export interface ScoredTransactions {
  readonly days: ArrayLike<number>;
  readonly cards: ArrayLike<number>;
  readonly labels: ArrayLike<number>;
  readonly scores: ArrayLike<number>;
}

interface CardDay {
  readonly card: number;
  score: number;
  isFraud: boolean;
}

function cardsOfDay(
  transactions: ScoredTransactions,
  rows: readonly number[],
  found: ReadonlySet<number>,
): CardDay[] {
  const cards = new Map<number, CardDay>();
  for (const row of rows) {
    const card = transactions.cards[row] as number;
    if (found.has(card)) continue;
    const score = transactions.scores[row] as number;
    const day = cards.get(card) ?? { card, score, isFraud: false };
    day.score = Math.max(day.score, score);
    day.isFraud ||= transactions.labels[row] === 1;
    cards.set(card, day);
  }
  return [...cards.values()];
}

export function cardPrecision(transactions: ScoredTransactions, k: number): number {
  const rowsOfDay = Map.groupBy(
    Array.from(transactions.days, (_, row) => row),
    (row) => transactions.days[row] as number,
  );
  const found = new Set<number>();
  let sum = 0;
  for (const day of [...rowsOfDay.keys()].sort((one, other) => one - other)) {
    const cards = cardsOfDay(transactions, rowsOfDay.get(day) ?? [], found);
    cards.sort((one, other) => other.score - one.score || one.card - other.card);
    const hits = cards.slice(0, k).filter((card) => card.isFraud);
    for (const hit of hits) found.add(hit.card);
    sum += hits.length / k;
  }
  return sum / rowsOfDay.size;
}
