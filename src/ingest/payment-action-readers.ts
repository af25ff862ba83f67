/** Reads the bodies of what can be done with a payment after it was sent. */
import {
  authorizationSchema,
  captureSchema,
  challengeSchema,
  reverseSchema,
  reviewDecisionSchema,
  voidSchema,
} from './bodies/payment-action-bodies.ts';
import { digestBody } from './body-digest.ts';
import { bodyReader } from './body-reader.ts';
import { commandReader } from './command-reader.ts';
import type { CommandReader, CommandReaderDeps } from './command-reader.ts';
import { captureCheck } from './cross-checks.ts';
import { present } from './present.ts';
import { sealPersonal } from './seal-personal.ts';

export interface PaymentActionReaders {
  readonly capture: CommandReader;
  readonly void: CommandReader;
  readonly reverse: CommandReader;
  readonly authorization: CommandReader;
  readonly challenge: CommandReader;
  readonly reviewDecision: CommandReader;
}

export function paymentActionReaders(deps: CommandReaderDeps): PaymentActionReaders {
  return {
    capture: commandReader(bodyReader(captureSchema, captureCheck), ({ id, amount, final }, paymentId) => ({
      type: 'CapturePayment',
      paymentId,
      ...present({ captureId: id, amount, final }),
    })),
    void: commandReader(bodyReader(voidSchema), ({ reason }, paymentId) => ({
      type: 'VoidPayment',
      paymentId,
      ...present({ reason }),
    })),
    reverse: commandReader(bodyReader(reverseSchema), ({ id, kind, amount, reference }, paymentId) => ({
      type: 'ReversePayment',
      paymentId,
      reversalId: id,
      kind: kind ?? 'refund',
      ...present({ amount, reference }),
    })),
    authorization: authorizationReader(),
    challenge: commandReader(bodyReader(challengeSchema), ({ result, method }, paymentId) => ({
      type: 'AnswerChallenge',
      paymentId,
      result,
      ...present({ method }),
    })),
    reviewDecision: reviewDecisionReader(deps),
  };
}

function authorizationReader(): CommandReader {
  const body = bodyReader(authorizationSchema);
  return commandReader(body, (content, paymentId) => {
    const { id, result, code, cvc, avs } = content;
    return {
      type: 'RecordAuthorization',
      paymentId,
      result,
      bodyDigest: digestBody(body.write(content)),
      ...present({ authorizationId: id, code, cvc, avs }),
    };
  });
}

/** A note is a person's free text about persons, so it is sealed. */
function reviewDecisionReader({ drawSalt }: CommandReaderDeps): CommandReader {
  return commandReader(bodyReader(reviewDecisionSchema), ({ outcome, reason, note }, paymentId) => ({
    type: 'DecideReview',
    paymentId,
    outcome,
    reason,
    ...(typeof note === 'string' && { note: sealPersonal({ note }, drawSalt) }),
  }));
}
