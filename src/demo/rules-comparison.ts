/**
 * The same stream under ten sensible rules alone. The rules look at attempts, and attempts count
 * whatever was decided, so their verdict can be read off the vectors that are stored in the log: no
 * second run is needed, and none would differ.
 *
 * Equal false positives: the score's threshold is set so that it withholds as many honest payments
 * as the rules do; then the fraud that each withholds is compared.
 */
import { openSqliteEventLogReader } from '#src/adapters/sqlite/sqlite-event-log-reader.ts';
import { compilePolicy } from '#src/decision/compile-policy.ts';
import type { Limit } from '#src/decision/policy.ts';
import { tenRulesPolicy } from '#src/decision/shipped-policy.ts';
import { decodeRow } from '#src/domain/encoding/row-codec.ts';
import { attemptLimitFeatures } from '#src/features/feature-catalogue.ts';

export interface Judged {
  readonly fraud: boolean;
  readonly amountMinor: number;
}

export interface SideResult {
  readonly honestWithheld: number;
  readonly fraudWithheld: number;
  readonly fraudWithheldMinor: number;
}

export interface RulesComparison {
  readonly rules: SideResult;
  /** The score at the threshold at which it withholds as many honest payments. */
  readonly score: SideResult;
  readonly frauds: number;
  readonly fraudMinor: number;
}

interface Verdict extends Judged {
  readonly score: number;
  readonly brokeRule: boolean;
}

/** `judge` says what is true of a payment; undefined leaves it out. */
export async function compareWithRules(
  logFile: string,
  judge: (paymentId: string) => Judged | undefined,
): Promise<RulesComparison> {
  const verdicts = await readVerdicts(logFile, judge);
  const rules = verdicts.filter(({ brokeRule }) => brokeRule);
  const byScore = verdicts.toSorted((a, b) => b.score - a.score);
  const frauds = verdicts.filter(({ fraud }) => fraud);
  return {
    rules: resultOf(rules),
    score: resultOf(untilHonest(byScore, rules.filter(({ fraud }) => !fraud).length)),
    frauds: frauds.length,
    fraudMinor: amountOf(frauds),
  };
}

async function readVerdicts(
  logFile: string,
  judge: (paymentId: string) => Judged | undefined,
): Promise<Verdict[]> {
  const limits = tenRules();
  const log = await openSqliteEventLogReader(logFile);
  const verdicts: Verdict[] = [];
  for (let from = 1; ;) {
    const rows = await log.read({ from, withPersonal: false });
    const last = rows.at(-1);
    if (!last) break;
    from = last.position + 1;
    for (const row of rows) verdicts.push(...verdictsOf(row.body, limits, judge));
  }
  await log.close();
  return verdicts;
}

function verdictsOf(
  body: Uint8Array,
  limits: readonly Limit[],
  judge: (paymentId: string) => Judged | undefined,
): Verdict[] {
  return decodeRow(body).flatMap(({ events }) =>
    events.flatMap((event): Verdict[] => {
      if (event.type !== 'PaymentDecided' || !event.vector) return [];
      const { vector } = event;
      const judged = judge(event.paymentId);
      const brokeRule = limits.some(({ featureIndex, above }) => (vector[featureIndex] ?? 0) > above);
      return judged ? [{ ...judged, score: event.decision.score, brokeRule }] : [];
    }),
  );
}

function tenRules(): readonly Limit[] {
  const result = compilePolicy(tenRulesPolicy('rules'), attemptLimitFeatures());
  if (!result.ok) throw new Error('the ten rules are not a policy');
  return result.policy.limits;
}

/** The highest scores, down to the last that keeps the number of honest ones. */
function untilHonest(byScore: readonly Verdict[], honest: number): readonly Verdict[] {
  let seen = 0;
  const end = byScore.findIndex(({ fraud }) => !fraud && ++seen > honest);
  return end < 0 ? byScore : byScore.slice(0, end);
}

function resultOf(withheld: readonly Verdict[]): SideResult {
  const frauds = withheld.filter(({ fraud }) => fraud);
  return {
    honestWithheld: withheld.length - frauds.length,
    fraudWithheld: frauds.length,
    fraudWithheldMinor: amountOf(frauds),
  };
}

function amountOf(verdicts: readonly Verdict[]): number {
  return verdicts.reduce((total, { amountMinor }) => total + amountMinor, 0);
}
