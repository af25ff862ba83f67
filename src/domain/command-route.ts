/** Which shard a command is for (docs/decisions/0016): that of the account, of the payment, or the first. */
import type { Command } from './commands.ts';
import { isReserved } from './ledger/system-accounts.ts';
import { SHARED_FACTS_SHARD, shardOfAccount, shardOfPayment } from './shard-place.ts';

export type CommandRoute =
  | { readonly type: 'shard'; readonly shard: number }
  /** The home of this payment. */
  | { readonly type: 'payment'; readonly paymentId: string }
  /** Made by a shard's owner for its own shard. */
  | { readonly type: 'owner' };

export function routeOf(command: Command, shards: number): CommandRoute {
  switch (command.type) {
    case 'Pay':
      return ofAccount(command.facts.debtor, shards);
    case 'Transfer':
      // Every shard has the ledger's own accounts: what they owe to a customer is where the customer is.
      return ofAccount(isReserved(command.debtor) ? command.creditor : command.debtor, shards);
    case 'OpenAccount':
    case 'FreezeAccount':
    case 'UnfreezeAccount':
    case 'CloseAccount':
    case 'RecordSignal':
      return ofAccount(command.account, shards);
    case 'CapturePayment':
    case 'VoidPayment':
    case 'ReversePayment':
    case 'RecordAuthorization':
    case 'AnswerChallenge':
    case 'DecideReview':
      return { type: 'payment', paymentId: command.paymentId };
    case 'RecordLabel':
      return command.paymentId === undefined
        ? { type: 'shard', shard: shardOfPayment(command.labelId, shards) }
        : { type: 'payment', paymentId: command.paymentId };
    case 'AddListEntry':
    case 'RemoveListEntry':
    case 'CreateToken':
    case 'RevokeToken':
    case 'ActivatePolicy':
    case 'ActivateModel':
    case 'RecordIpTable':
    case 'RecordRates':
      return { type: 'shard', shard: SHARED_FACTS_SHARD };
    default:
      return { type: 'owner' };
  }
}

function ofAccount(account: string, shards: number): CommandRoute {
  return { type: 'shard', shard: shardOfAccount(account, shards) };
}
