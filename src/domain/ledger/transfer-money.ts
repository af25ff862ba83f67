/** Money moved by the operator: funding, settlement, corrections. Not scored; the token vouches for it. */
import { canBear } from '#src/domain/account.ts';
import { otherShardOf } from '#src/domain/shard-place.ts';
import type { Transfer } from '#src/domain/commands.ts';
import { DONE_BEFORE, done, refused, sameBytes, type DecidingContext, type Verdict } from './deciding.ts';
import { unknownAccount } from './account-commands.ts';
import { accountInUse, inTransit, openingEvents, type AccountInUse } from './first-use.ts';
import { receiptKey } from './ledger-state.ts';
import { journalTransaction } from './transactions.ts';

export function transferMoney(context: DecidingContext, command: Transfer): Verdict {
  const { transferId, debtor, creditor, asset, reason, plan, bodyDigest } = command;
  const receipt = context.state.receipts.get(receiptKey('transfer', transferId));
  if (receipt) {
    return sameBytes(receipt.bodyDigest, bodyDigest)
      ? DONE_BEFORE
      : refused('id_taken', `transfer ${transferId} exists with another content`);
  }
  const from = accountInUse(context, { id: debtor, asset, side: 'debtor' });
  if (!from) return unknownAccount(debtor);
  const target = otherShardOf(creditor, context.place);
  const to =
    target === undefined
      ? accountInUse(context, { id: creditor, asset, side: 'creditor' })
      : inTransit(context, { to: target, asset });
  if (!to) return unknownAccount(creditor);
  const problem = transferProblem(command, from, to);
  if (problem) return problem;
  return done(...openingEvents(from, to), {
    type: 'TransferPosted',
    transferId,
    reason,
    ...(plan === undefined ? {} : { plan }),
    ...(target === undefined ? {} : { creditor }),
    bodyDigest,
    transaction: journalTransaction(context.state, {
      approval: { kind: 'operator', ref: context.actor },
      legs: [
        { account: from.account, amount: -BigInt(command.amount) },
        { account: to.account, amount: BigInt(command.amount) },
      ],
    }),
  });
}

function transferProblem(command: Transfer, from: AccountInUse, to: AccountInUse): Verdict | undefined {
  for (const { account } of [from, to]) {
    if (account.status === 'closed') return refused('account_closed', `account ${account.id} is closed`);
    if (account.asset !== command.asset) {
      return refused(
        'asset_mismatch',
        `account ${account.id} is kept in ${account.asset}, not ${command.asset}`,
      );
    }
  }
  if (from.account.debitsFrozen)
    return refused('account_frozen', `account ${from.account.id} takes no debits`);
  if (to.account.creditsFrozen) return refused('account_frozen', `account ${to.account.id} takes no credits`);
  return canBear(from.account, BigInt(command.amount))
    ? undefined
    : refused(
        'insufficient_funds',
        `account ${from.account.id} cannot bear ${command.amount} ${command.asset}`,
      );
}
