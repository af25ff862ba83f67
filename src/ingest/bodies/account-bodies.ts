/** The bodies that open, freeze, unfreeze and close accounts, and the operator's transfers. */
import type { z } from 'zod';
import { amount, id, maybe, oneOf, positiveAmount, text, fields } from './fields.ts';

export const REASON_LENGTH_MAX = 500;

export function openAccountSchema(asset: z.ZodString) {
  return fields({
    id,
    asset,
    overdraft: maybe(oneOf(['forbidden', 'allowed'])),
    overdraftLimit: maybe(amount),
  });
}

export const restrictAccountSchema = fields({
  direction: maybe(oneOf(['debits', 'credits', 'both'])),
  reason: text(REASON_LENGTH_MAX),
});

export const closeAccountSchema = fields({
  direction: maybe(oneOf(['both'])),
  reason: text(REASON_LENGTH_MAX),
});

export function transferSchema(asset: z.ZodString) {
  return fields({
    id,
    debtor: id,
    creditor: id,
    amount: positiveAmount,
    asset,
    reason: text(REASON_LENGTH_MAX),
    plan: maybe(id),
  });
}
