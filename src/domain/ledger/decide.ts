/** The decider of each command that needs neither features nor a score. */
import type { Command } from '#src/domain/commands.ts';
import { closeAccount, freezeAccount, openAccount, unfreezeAccount } from './account-commands.ts';
import { capturePayment, voidPayment } from './capture-payment.ts';
import type { DecidingContext, Verdict } from './deciding.ts';
import { expirePayment } from './expire-payment.ts';
import { receiveMessage } from './receive-message.ts';
import { recordAuthorization, recordLabel, recordSignal } from './record-facts.ts';
import { reversePayment } from './reverse-payment.ts';
import { applyReview, decideReview } from './review-payment.ts';
import { transferMoney } from './transfer-money.ts';

/** The verdict, or undefined for a command that is not the ledger's alone to decide. */
export function decideLedger(context: DecidingContext, command: Command): Verdict | undefined {
  switch (command.type) {
    case 'OpenAccount':
      return openAccount(context, command);
    case 'FreezeAccount':
      return freezeAccount(context, command);
    case 'UnfreezeAccount':
      return unfreezeAccount(context, command);
    case 'CloseAccount':
      return closeAccount(context, command);
    case 'Transfer':
      return transferMoney(context, command);
    case 'CapturePayment':
      return capturePayment(context, command);
    case 'VoidPayment':
      return voidPayment(context, command);
    case 'ReversePayment':
      return reversePayment(context, command);
    case 'RecordAuthorization':
      return recordAuthorization(context, command);
    case 'RecordSignal':
      return recordSignal(context, command);
    case 'RecordLabel':
      return recordLabel(context, command);
    case 'DecideReview':
      return decideReview(context, command);
    case 'ApplyReview':
      return applyReview(context, command);
    case 'ExpirePayment':
      return expirePayment(context, command);
    case 'ReceiveMessage':
      return receiveMessage(context, command);
    default:
      return undefined;
  }
}
