/**
 * What a ledger ever learns of a payment. One that was withheld, or that the issuer declined without a
 * telling word, never shows what it was; of the others it is what was reported.
 */
import type { WorldPayment } from '#training/pipeline/run-world.ts';
import type { LabelItem } from '#training/world/world-item.ts';

/** An issuer that answers with one of these says that the card is stolen, or made up: ISO 8583. */
const TELLING_CODES = new Set(['14', '43']);

/** `fraud` when the issuer's answer says so at once, `later` when labels may come, `never` otherwise. */
export function whatShows({ item, decided }: WorldPayment): 'fraud' | 'later' | 'never' {
  if (decided.decision?.outcome !== 'approve') return 'never';
  const { issuer } = item.backstage;
  if (issuer.approved) return 'later';
  return TELLING_CODES.has(issuer.code) ? 'fraud' : 'never';
}

/** A dispute that the seller won was none. */
export function saysFraud({ body }: LabelItem): boolean {
  return body.label === 'fraud' && body.state !== 'won';
}
