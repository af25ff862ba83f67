/** What the demo says at its end, as lines of text. */
import { campaignResults, familyResults, isWithheld, type FamilyResult } from './campaign-report.ts';
import type { RulesComparison, SideResult } from './rules-comparison.ts';
import type { PlayedPayment } from './stream-player.ts';
import { amount, euros, type Style } from './style.ts';

export interface AccountBalance {
  readonly id: string;
  readonly posted: number | string;
  readonly heldDebits: number | string;
  readonly available: number | string;
}

const NAME_CELLS = 18;

export function campaignLines(played: readonly PlayedPayment[], { bold, dim }: Style): readonly string[] {
  const families = familyResults(campaignResults(played)).toSorted(
    (a, b) => b.attemptedMinor - a.attemptedMinor,
  );
  return [
    bold('By campaign family'),
    dim(`${''.padEnd(NAME_CELLS)} stopped  at payment  minutes   lost of attempted, EUR`),
    ...families.map(familyLine),
    dim('Medians over the campaigns that were stopped. Stopped: a payment was withheld.'),
  ];
}

function familyLine(result: FamilyResult): string {
  const { family, stopped, campaigns, stoppedAtPayment, minutesUntilStopped, lostMinor, attemptedMinor } =
    result;
  return [
    family.replaceAll('_', ' ').padEnd(NAME_CELLS),
    `${stopped} of ${campaigns}`.padStart(8),
    (stoppedAtPayment === undefined ? '–' : String(stoppedAtPayment)).padStart(12),
    (minutesUntilStopped === undefined ? '–' : minutesUntilStopped.toFixed(1)).padStart(9),
    `   ${amount(lostMinor)} of ${amount(attemptedMinor)}`,
  ].join('');
}

export function honestLine(played: readonly PlayedPayment[]): string {
  const honest = played.filter(({ sent }) => !sent.truth.fraud);
  const withheld = honest.filter((one) => one.decided.decision !== null && isWithheld(one)).length;
  const share = ((withheld / honest.length) * 100).toFixed(2);
  return `Of ${honest.length} honest payments ${withheld} were withheld (${share} %).`;
}

export function comparisonLines(
  { rules, score, frauds, fraudMinor }: RulesComparison,
  style: Style,
): readonly string[] {
  return [
    style.bold('The same stream under ten rules alone, at equal false positives'),
    sideLine('ten rules', rules, { frauds, fraudMinor }),
    sideLine('the model', score, { frauds, fraudMinor }),
    style.dim("The model's threshold is set so that it withholds as many honest payments."),
  ];
}

type Total = Pick<RulesComparison, 'frauds' | 'fraudMinor'>;

function sideLine(name: string, side: SideResult, { frauds, fraudMinor }: Total): string {
  const caught = `${side.fraudWithheld} of ${frauds} frauds`;
  const money = `${amount(side.fraudWithheldMinor)} of ${euros(fraudMinor)}`;
  return `  ${name.padEnd(10)}${String(side.honestWithheld).padStart(4)} honest withheld  ${caught.padEnd(18)} ${money}`;
}

export function balanceLines(accounts: readonly AccountBalance[], { bold }: Style): readonly string[] {
  return [
    bold('Balances of the busiest accounts'),
    ...accounts.map(({ id, posted, heldDebits, available }) => {
      const held = Number(heldDebits) === 0 ? '' : `  ${euros(Number(heldDebits))} held`;
      return `  ${id.padEnd(24)} ${euros(Number(posted)).padStart(16)} ${euros(Number(available)).padStart(16)} available${held}`;
    }),
  ];
}
