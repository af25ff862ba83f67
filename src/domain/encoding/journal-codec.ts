import {
  APPROVAL_KINDS,
  type Approval,
  type JournalTransaction,
  type Posting,
} from '#src/domain/journal-transaction.ts';
import { bigint, list, oneOf, struct, text, uint } from './codec.ts';

export const approval = struct<Approval>({ kind: oneOf(APPROVAL_KINDS), ref: text });

const posting = struct<Posting>({ account: text, asset: text, amount: bigint, balance: bigint });

export const journalTransaction = struct<JournalTransaction>({ id: uint, approval, postings: list(posting) });
