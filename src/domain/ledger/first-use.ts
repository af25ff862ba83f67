/** Accounts that open because a payment or a transfer names them. */
import { openedAccount, type Account } from '#src/domain/account.ts';
import type { AccountOpened } from '#src/domain/events.ts';
import type { DecidingContext } from './deciding.ts';
import { inTransitAccount, isReserved } from './system-accounts.ts';

export interface AccountInUse {
  readonly account: Readonly<Account>;
  /** The event that opens it; absent when it was there. */
  readonly opened?: AccountOpened;
}

interface Use {
  readonly id: string;
  readonly asset: string;
  readonly side: 'debtor' | 'creditor';
}

/** The account, opened if the rules allow it; undefined when there is none. */
export function accountInUse(
  { state, rules, shardTime }: DecidingContext,
  use: Use,
): AccountInUse | undefined {
  const account = state.accounts.get(use.id);
  if (account) return { account };
  if (!rules.openOnFirstUse || isReserved(use.id)) return undefined;
  return openNow(use, shardTime);
}

/** The ledger's own account, which opens when it is first needed and may stand below zero. */
export function systemAccount(context: DecidingContext, id: string, asset: string): AccountInUse {
  const account = context.state.accounts.get(id);
  return account ? { account } : openNow({ id, asset, side: 'debtor' }, context.shardTime);
}

/** The account of money on its way from one shard to another; one of them is this one. */
export function inTransit(
  context: DecidingContext,
  { asset, ...way }: { readonly asset: string; readonly from?: number; readonly to?: number },
): AccountInUse {
  const { index } = context.place;
  const id = inTransitAccount({ from: way.from ?? index, to: way.to ?? index, asset });
  return systemAccount(context, id, asset);
}

export function openingEvents(...uses: readonly AccountInUse[]): AccountOpened[] {
  return uses.flatMap((use) => use.opened ?? []);
}

function openNow({ id, asset, side }: Use, openedAt: number): AccountInUse {
  const overdraft = side === 'debtor' ? 'allowed' : 'forbidden';
  const bodyDigest = new Uint8Array();
  return {
    account: openedAccount({ id, asset, overdraft, overdraftLimit: undefined, openedAt, bodyDigest }),
    opened: { type: 'AccountOpened', account: id, asset, overdraft, bodyDigest },
  };
}
