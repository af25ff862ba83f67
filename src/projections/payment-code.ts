/** Status and outcome of a payment in one byte, so that a search can filter without reading payments. */
import { OUTCOMES } from '#src/domain/decision.ts';
import { PAYMENT_STATUSES, type PaymentState } from '#src/domain/ledger/payment-state.ts';

/** The byte of a record that did not receive a payment. */
export const NO_PAYMENT = 0;
/** Bytes are below it: three bits of status, counted from 1, and three of outcome, 0 for none. */
export const CODES = 64;

const OUTCOME_SHIFT = 3;
const STATUS_MASK = 7;

export function paymentCode({ status, outcome }: Pick<PaymentState, 'status' | 'outcome'>): number {
  const decided = outcome === undefined ? 0 : OUTCOMES.indexOf(outcome) + 1;
  return (PAYMENT_STATUSES.indexOf(status) + 1) | (decided << OUTCOME_SHIFT);
}

/** For each byte whether it is a payment of that status and outcome; absent ones match all. */
export function matchingCodes(status: string | undefined, outcome: string | undefined): Uint8Array {
  const matching = new Uint8Array(CODES);
  for (let code = 0; code < CODES; code++) {
    const statusOfCode = PAYMENT_STATUSES[(code & STATUS_MASK) - 1];
    const outcomeOfCode = OUTCOMES[(code >> OUTCOME_SHIFT) - 1];
    const matches =
      statusOfCode !== undefined &&
      (status === undefined || status === statusOfCode) &&
      (outcome === undefined || outcome === outcomeOfCode);
    matching[code] = matches ? 1 : 0;
  }
  return matching;
}
