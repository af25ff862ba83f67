/**
 * What the value of a record of the topic `decisions` is: JSON in this form, version 1. The JSON Schema
 * under `docs/schemas` is made from it, and records are written by it.
 *
 * Fields may be added under the same version; one that changes its meaning or goes away makes another.
 */
import { z } from 'zod';
import {
  DECISION_MODES,
  DECISION_STEPS,
  DEGRADED_CAUSES,
  DIVERSIONS,
  OUTCOMES,
} from '#src/domain/decision.ts';
import { AWAITABLE, REJECTION_REASONS } from '#src/domain/events.ts';
import { PAYMENT_STEPS } from '#src/domain/payment-change.ts';
import { REVERSAL_KINDS } from '#src/domain/reversal-kind.ts';

export const PAYMENT_CHANGE_VERSION = 1;

const instant = z.iso.datetime({ precision: 3 }).describe('RFC 3339, UTC, with milliseconds');
const amount = z.int().min(0).describe("In the asset's minor units");

const reason = z.object({
  code: z.string().describe('Stable, for programs'),
  feature: z.string().optional().describe('The feature that the reason stands on'),
  value: z.string(),
  text: z.string().describe('One sentence for people'),
  contribution: z.number().optional().describe("The feature's part of the score, in log-odds"),
});

const decision = z.object({
  number: z.int().min(1).describe('1 for the first; a challenge or a rescore decides again'),
  outcome: z.enum(OUTCOMES),
  wouldBe: z.enum(OUTCOMES).optional().describe('In observe mode what would have happened'),
  score: z.number().min(0).max(1).describe('Calibrated probability of fraud'),
  basis: z.object({ step: z.enum(DECISION_STEPS), ref: z.string() }),
  diverted: z.array(z.enum(DIVERSIONS)),
  reasons: z.array(reason),
  model: z.string(),
  policy: z.string(),
  mode: z.enum(DECISION_MODES),
  degraded: z.array(z.enum(DEGRADED_CAUSES)),
  decidedAt: instant,
  tookMicros: z.number().min(0),
});

export const paymentChangeSchema = z.object({
  version: z.literal(PAYMENT_CHANGE_VERSION),
  paymentId: z.string(),
  at: instant.describe('When the ledger did it'),
  steps: z.array(z.enum(PAYMENT_STEPS)).min(1).describe('What happened to the payment, in order'),
  terms: z
    .object({ debtor: z.string(), creditor: z.string(), amount, asset: z.string() })
    .optional()
    .describe('Who pays whom how much; with the first change of a payment'),
  rejection: z.enum(REJECTION_REASONS).optional().describe('Why no decision was needed'),
  decision: decision.optional(),
  awaiting: z.object({ for: z.enum(AWAITABLE), until: instant }).optional(),
  movement: z
    .object({
      id: z.string().optional().describe('Of the capture or the reversal'),
      amount: amount.optional(),
      kind: z.enum(REVERSAL_KINDS).optional(),
      reason: z.string().optional().describe('Why money did not move, or came back'),
      final: z.boolean().optional().describe('Of a capture: nothing is held any more'),
    })
    .optional()
    .describe('Money that moved, or did not'),
});

export type PaymentChangeBody = z.output<typeof paymentChangeSchema>;
