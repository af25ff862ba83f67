/** Which shard a command is for (docs/decisions/0016): that of the account, of the payment, or the first. */
import type { Command } from '#src/domain/commands.ts';
import { shardOfAccount, shardOfPayment } from '#src/domain/shard-place.ts';

/** Facts that all shards share are decided by this one, which tells the others. */
export const SHARED_FACTS_SHARD = 0;

export type CommandRoute =
  | { readonly type: 'shard'; readonly shard: number }
  /** The home of this payment. */
  | { readonly type: 'payment'; readonly paymentId: string };

export function routeOf(command: Command, shards: number): CommandRoute {
  switch (command.type) {
    case 'Pay':
      return ofAccount(command.facts.debtor, shards);
    case 'Transfer':
      return ofAccount(command.debtor, shards);
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
    case 'OpenLedger':
      return { type: 'shard', shard: SHARED_FACTS_SHARD };
    default:
      throw new Error(`${command.type} is made by a shard's owner, not sent to it`);
  }
}

function ofAccount(account: string, shards: number): CommandRoute {
  return { type: 'shard', shard: shardOfAccount(account, shards) };
}
