/** How a shard's answers travel to the thread or process that asked. */
import { REFUSALS, type Answer } from '#src/domain/answer.ts';
import { AWAITABLE, REJECTION_REASONS } from '#src/domain/events.ts';
import { PAYMENT_STATUSES, SETTLEMENTS } from '#src/domain/ledger/payment-state.ts';
import { flag, oneOf, optional, struct, text, uint } from './codec.ts';
import { decisionRecord } from './decision-codec.ts';
import { taggedUnion, type BodyOf } from './tagged-union.ts';

type Body<Type extends Answer['type']> = BodyOf<Answer, Type>;

export const answer = taggedUnion<Answer>('answer', {
  PaymentAnswer: {
    tag: 1,
    meaning: 'Where the payment stands.',
    codec: struct<Body<'PaymentAnswer'>>({
      paymentId: text,
      status: oneOf(PAYMENT_STATUSES),
      awaiting: optional(oneOf(AWAITABLE)),
      until: optional(uint),
      rejection: optional(oneOf(REJECTION_REASONS)),
      capturedAmount: uint,
      reversedAmount: uint,
      settlement: optional(oneOf(SETTLEMENTS)),
      decision: optional(decisionRecord),
      version: uint,
    }),
  },
  DoneAnswer: { tag: 2, meaning: 'It is done.', codec: struct<Body<'DoneAnswer'>>({ created: flag }) },
  RefusedAnswer: {
    tag: 3,
    meaning: 'Nothing was done.',
    codec: struct<Body<'RefusedAnswer'>>({ refusal: oneOf(REFUSALS), detail: text }),
  },
});
