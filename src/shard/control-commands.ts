/** Deciders of the commands that concern neither accounts nor payments: lists, tokens, versions in force. */
import type {
  ActivateModel,
  AddListEntry,
  Command,
  CreateToken,
  RecordIpTable,
  RemoveListEntry,
  RevokeToken,
} from '#src/domain/commands.ts';
import {
  DONE_BEFORE,
  done,
  refused,
  type DecidingContext,
  type Verdict,
} from '#src/domain/ledger/deciding.ts';
import type { PolicyResult } from '#src/decision/compile-policy.ts';
import type { ShardState } from './shard-state.ts';

/** More tokens than any team has; the whole set is in memory. */
const TOKENS_MAX = 10_000;

export interface ControlContext extends DecidingContext {
  readonly shard: ShardState;
  readonly readPolicy: (document: string) => PolicyResult;
}

/** The verdict, or undefined for a command of another kind. */
export function decideControl(context: ControlContext, command: Command): Verdict | undefined {
  switch (command.type) {
    case 'AddListEntry':
      return addListEntry(context, command);
    case 'RemoveListEntry':
      return removeListEntry(context, command);
    case 'CreateToken':
      return createToken(context, command);
    case 'RevokeToken':
      return revokeToken(context, command);
    case 'ActivatePolicy':
      return activatePolicy(context, command);
    case 'OpenLedger':
      return context.shard.ledgerId === undefined ? done({ ...command, type: 'LedgerOpened' }) : DONE_BEFORE;
    case 'ActivateModel':
      return activateModel(context, command);
    case 'RecordIpTable':
      return recordIpTable(context, command);
    case 'RecordRates':
      return done({ ...command, type: 'RatesRecorded' });
    case 'RecordErasure':
      return done({ ...command, type: 'PersonalDataErased' });
    default:
      return undefined;
  }
}

function addListEntry({ shard, shardTime, actor }: ControlContext, command: AddListEntry): Verdict {
  const { personal, ...fields } = command;
  const list = shard.decisions.list(command.list);
  if (list.get(command.entryId)) return refused('id_taken', `list entry ${command.entryId} exists`);
  if (!list.hasRoom(shardTime)) return refused('list_full', `the ${command.list} list is full`);
  return done({ ...fields, type: 'ListEntryAdded', owner: actor, personalDigest: personal.digest });
}

function removeListEntry({ shard }: ControlContext, { list, entryId }: RemoveListEntry): Verdict {
  if (!shard.decisions.list(list).get(entryId)) {
    return refused('entry_unknown', `the ${list} list has no entry ${entryId}`);
  }
  return done({ type: 'ListEntryRemoved', list, entryId });
}

function createToken({ shard }: ControlContext, command: CreateToken): Verdict {
  if (shard.tokens.has(command.tokenId)) return refused('id_taken', `token ${command.tokenId} exists`);
  if (shard.tokens.size >= TOKENS_MAX)
    return refused('list_full', `there are ${TOKENS_MAX} tokens: revoke some`);
  return done({ ...command, type: 'TokenCreated' });
}

function revokeToken({ shard }: ControlContext, { tokenId }: RevokeToken): Verdict {
  if (!shard.tokens.has(tokenId)) return refused('token_unknown', `there is no token ${tokenId}`);
  return done({ type: 'TokenRevoked', tokenId });
}

/** The same model again is nothing new; so that a restart leaves no trace in the log. */
function activateModel({ shard }: ControlContext, command: ActivateModel): Verdict {
  const { model } = shard;
  const isInForce = model?.name === command.name && model.manifestDigest === command.manifestDigest;
  return isInForce ? DONE_BEFORE : done({ ...command, type: 'ModelActivated' });
}

function recordIpTable({ shard }: ControlContext, command: RecordIpTable): Verdict {
  return shard.ipTable?.digest === command.digest
    ? DONE_BEFORE
    : done({ ...command, type: 'IpTableRecorded' });
}

function activatePolicy(
  { shard, readPolicy }: ControlContext,
  command: { version: string; document: string },
): Verdict {
  const result = readPolicy(command.document);
  if (!result.ok) {
    const [first] = result.problems;
    return refused('policy_invalid', `${first?.path ?? ''}: ${first?.message ?? 'not a policy'}`);
  }
  if (shard.policyDocument === command.document) return DONE_BEFORE;
  return done({ type: 'PolicyActivated', version: command.version, document: command.document });
}
