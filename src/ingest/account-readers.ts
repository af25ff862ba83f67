/** Reads the bodies that open, restrict and close accounts, and the operator's transfers. */
import {
  closeAccountSchema,
  openAccountSchema,
  restrictAccountSchema,
  transferSchema,
} from './bodies/account-bodies.ts';
import { digestBody } from './body-digest.ts';
import { bodyReader } from './body-reader.ts';
import { assetField, commandReader } from './command-reader.ts';
import type { CommandReader, CommandReaderDeps } from './command-reader.ts';
import { accountCheck, differentParties } from './cross-checks.ts';
import { present } from './present.ts';

export interface AccountReaders {
  readonly openAccount: CommandReader;
  readonly freezeAccount: CommandReader;
  readonly unfreezeAccount: CommandReader;
  readonly closeAccount: CommandReader;
  readonly transfer: CommandReader;
}

export function accountReaders(deps: CommandReaderDeps): AccountReaders {
  return {
    openAccount: openAccountReader(deps),
    freezeAccount: commandReader(bodyReader(restrictAccountSchema), ({ direction, reason }, account) => ({
      type: 'FreezeAccount',
      account,
      direction: direction ?? 'both',
      reason,
    })),
    unfreezeAccount: commandReader(bodyReader(restrictAccountSchema), ({ direction, reason }, account) => ({
      type: 'UnfreezeAccount',
      account,
      direction: direction ?? 'both',
      reason,
    })),
    closeAccount: commandReader(bodyReader(closeAccountSchema), ({ reason }, account) => ({
      type: 'CloseAccount',
      account,
      reason,
    })),
    transfer: transferReader(deps),
  };
}

function openAccountReader({ assets }: CommandReaderDeps): CommandReader {
  const body = bodyReader(openAccountSchema(assetField(assets)), accountCheck);
  return commandReader(body, (content) => ({
    type: 'OpenAccount',
    account: content.id,
    asset: content.asset,
    overdraft: content.overdraft ?? 'forbidden',
    ...present({ overdraftLimit: content.overdraftLimit }),
    bodyDigest: digestBody(body.write(content)),
  }));
}

function transferReader({ assets }: CommandReaderDeps): CommandReader {
  const body = bodyReader(transferSchema(assetField(assets)), differentParties);
  return commandReader(body, (content) => ({
    type: 'Transfer',
    transferId: content.id,
    debtor: content.debtor,
    creditor: content.creditor,
    amount: content.amount,
    asset: content.asset,
    reason: content.reason,
    ...present({ plan: content.plan }),
    bodyDigest: digestBody(body.write(content)),
  }));
}
