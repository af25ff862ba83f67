/** Opening, freezing and closing accounts. */
import type { Account } from '#src/domain/account.ts';
import type { CloseAccount, FreezeAccount, OpenAccount, UnfreezeAccount } from '#src/domain/commands.ts';
import type { LedgerEvent } from '#src/domain/events.ts';
import { DONE_BEFORE, done, refused, sameBytes, type DecidingContext, type Verdict } from './deciding.ts';
import { isReserved } from './system-accounts.ts';

export function openAccount({ state }: DecidingContext, command: OpenAccount): Verdict {
  const { account: id, asset, overdraft, overdraftLimit, bodyDigest } = command;
  const known = state.accounts.get(id);
  if (known) {
    return sameBytes(known.bodyDigest, bodyDigest)
      ? DONE_BEFORE
      : refused('id_taken', `account ${id} exists and was opened with other terms`);
  }
  if (isReserved(id))
    return refused('name_reserved', `account ids that begin like ${id} are the ledger's own`);
  return done({
    type: 'AccountOpened',
    account: id,
    asset,
    overdraft,
    ...(overdraftLimit === undefined ? {} : { overdraftLimit }),
    bodyDigest,
  });
}

export function freezeAccount(context: DecidingContext, command: FreezeAccount): Verdict {
  return changeFreeze(context, { ...command, type: 'AccountFrozen' });
}

export function unfreezeAccount(context: DecidingContext, command: UnfreezeAccount): Verdict {
  return changeFreeze(context, { ...command, type: 'AccountUnfrozen' });
}

function changeFreeze(
  { state }: DecidingContext,
  event: LedgerEvent & { type: 'AccountFrozen' | 'AccountUnfrozen' },
): Verdict {
  const account = state.accounts.get(event.account);
  if (!account) return unknownAccount(event.account);
  if (account.status === 'closed') return refused('account_closed', `account ${event.account} is closed`);
  return isAsFrozen(account, event.direction, event.type === 'AccountFrozen') ? DONE_BEFORE : done(event);
}

function isAsFrozen(account: Account, direction: 'debits' | 'credits' | 'both', frozen: boolean): boolean {
  const debits = direction === 'credits' || account.debitsFrozen === frozen;
  const credits = direction === 'debits' || account.creditsFrozen === frozen;
  return debits && credits;
}

export function closeAccount({ state }: DecidingContext, { account: id, reason }: CloseAccount): Verdict {
  const account = state.accounts.get(id);
  if (!account) return unknownAccount(id);
  if (account.status === 'closed') return DONE_BEFORE;
  if (isReserved(id)) return refused('name_reserved', `account ${id} is the ledger's own`);
  if (account.openHolds > 0)
    return refused('account_in_use', `account ${id} has ${account.openHolds} open holds`);
  if (account.inTransit > 0)
    return refused('account_in_use', `${account.inTransit} movements of account ${id} are on their way`);
  return done({ type: 'AccountClosed', account: id, reason });
}

export function unknownAccount(id: string): Verdict {
  return refused('account_unknown', `there is no account ${id}`);
}
