/** The bodies of what can be done with a payment after it was sent. */
import { z } from 'zod';
import { AUTHORIZATION_RESULTS, CHALLENGE_RESULTS, REVIEW_OUTCOMES } from '#src/domain/events.ts';
import { REVERSAL_KINDS } from '#src/domain/reversal-kind.ts';
import { REASON_LENGTH_MAX } from './account-bodies.ts';
import { id, maybe, oneOf, positiveAmount, text, fields } from './fields.ts';

/** Codes and words of issuers and authentication servers are short. */
const WORD_LENGTH_MAX = 64;
const REFERENCE_LENGTH_MAX = 128;
const NOTE_LENGTH_MAX = 5000;

/** Without an id it is one final capture. */
export const captureSchema = fields({
  id: maybe(id),
  amount: maybe(positiveAmount),
  final: maybe(z.boolean()),
});

export const voidSchema = fields({ reason: maybe(text(REASON_LENGTH_MAX)) });

export const reverseSchema = fields({
  id,
  amount: maybe(positiveAmount),
  kind: maybe(oneOf(REVERSAL_KINDS)),
  reference: maybe(text(REFERENCE_LENGTH_MAX)),
});

/** Without an id, the same content on the same payment is the same answer. */
export const authorizationSchema = fields({
  id: maybe(id),
  result: oneOf(AUTHORIZATION_RESULTS),
  code: maybe(text(WORD_LENGTH_MAX)),
  cvc: maybe(text(WORD_LENGTH_MAX)),
  avs: maybe(text(WORD_LENGTH_MAX)),
});

export const challengeSchema = fields({
  result: oneOf(CHALLENGE_RESULTS),
  method: maybe(text(WORD_LENGTH_MAX)),
});

export const reviewDecisionSchema = fields({
  outcome: oneOf(REVIEW_OUTCOMES),
  /** The case's version that the reviewer saw. */
  version: maybe(z.int('must be a whole number').min(0, 'must not be negative')),
  reason: text(REASON_LENGTH_MAX),
  note: maybe(text(NOTE_LENGTH_MAX)),
});
