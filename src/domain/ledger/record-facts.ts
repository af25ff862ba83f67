/** Facts that move no money: what the issuer said, signals and labels. */
import type { RecordAuthorization, RecordLabel, RecordSignal } from '#src/domain/commands.ts';
import {
  DONE_BEFORE,
  done,
  findPayment,
  refused,
  sameBytes,
  unknownPayment,
  type DecidingContext,
  type Verdict,
} from './deciding.ts';
import { authorizationKey, receiptKey } from './ledger-state.ts';
import type { PaymentState } from './payment-state.ts';

export function recordAuthorization(context: DecidingContext, command: RecordAuthorization): Verdict {
  if (!findPayment(context, command.paymentId)) return unknownPayment(command.paymentId);
  const repeated = repeat(context, authorizationKey(command), command.bodyDigest);
  return repeated ?? done({ ...command, type: 'AuthorizationRecorded' });
}

export function recordSignal(context: DecidingContext, command: RecordSignal): Verdict {
  const { entityKeys: _, personal, ...fields } = command;
  const repeated = repeat(context, receiptKey('signal', command.signalId), command.bodyDigest);
  if (repeated) return repeated;
  return done({
    ...fields,
    type: 'SignalRecorded',
    ...(personal ? { personalDigest: personal.digest } : {}),
  });
}

export function recordLabel(context: DecidingContext, command: RecordLabel): Verdict {
  const { entityKeys: _, personal, ...fields } = command;
  const repeated = repeat(context, receiptKey('label', command.labelId), command.bodyDigest);
  if (repeated) return repeated;
  const { paymentId } = command;
  const payment = paymentId === undefined ? undefined : findPayment(context, paymentId);
  if (paymentId !== undefined && !payment) return unknownPayment(paymentId);
  const turns = payment && turnOf(payment, command);
  return done({
    ...fields,
    type: 'LabelRecorded',
    ...(turns ? { turns } : {}),
    ...(personal ? { personalDigest: personal.digest } : {}),
  });
}

/** A dispute that was won was not about fraud. */
export function isLabelOfFraud({ label, state }: Pick<RecordLabel, 'label' | 'state'>): boolean {
  return label === 'fraud' && state !== 'won';
}

/** What a label makes of its payment, unless it is that already. */
function turnOf(
  { isLabelledFraud }: Readonly<PaymentState>,
  label: Pick<RecordLabel, 'label' | 'state'>,
): RecordLabel['label'] | undefined {
  const isFraud = isLabelOfFraud(label);
  if (isFraud === isLabelledFraud) return undefined;
  return isFraud ? 'fraud' : 'legitimate';
}

function repeat({ state }: DecidingContext, key: string, bodyDigest: Uint8Array): Verdict | undefined {
  const receipt = state.receipts.get(key);
  if (!receipt) return undefined;
  return sameBytes(receipt.bodyDigest, bodyDigest)
    ? DONE_BEFORE
    : refused('id_taken', `${key} exists with another content`);
}
