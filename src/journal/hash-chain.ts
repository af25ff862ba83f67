/**
 * The chain of hashes over the rows of a log (L3): each row's hash covers the one before it, which log it
 * belongs to, its position and its body. The body holds the digest of every personal part, so the chain
 * covers those too and still verifies when they are erased (P1).
 *
 * One hash for a row, not for an event: SHA-256 of a small input costs microseconds, over a whole batch
 * next to nothing for each payment.
 */
import { createHash } from 'node:crypto';

import type { LogHead, LogIdentity, LogRow } from '#src/ports/event-log.ts';

/** Ends in the version of what is hashed: another order or other fields need another number. */
const DOMAIN_TAG = 'vouch.log.row.1';

export interface ChainLink {
  readonly identity: LogIdentity;
  readonly position: number;
  readonly previousHash: Uint8Array;
  readonly body: Uint8Array;
}

/**
 * SHA-256 over: tag (15 bytes), length of the ledger id (1 byte), ledger id (UTF-8), shard (u32, big-endian),
 * position (u64, big-endian), previous hash (32 bytes), body (the rest). Only the body's length varies
 * without being written, and it is last, so no two links have the same bytes.
 */
export function hashLink(link: ChainLink): Uint8Array {
  const ledgerId = Buffer.from(link.identity.ledgerId, 'utf8');
  const numbers = Buffer.alloc(12);
  numbers.writeUInt32BE(link.identity.shard, 0);
  numbers.writeBigUInt64BE(BigInt(link.position), 4);
  const prefix = Buffer.concat([
    Buffer.from(DOMAIN_TAG, 'utf8'),
    Buffer.of(ledgerId.length),
    ledgerId,
    numbers,
    link.previousHash,
  ]);
  return new Uint8Array(createHash('sha256').update(prefix).update(link.body).digest());
}

export interface UnsealedRow {
  readonly identity: LogIdentity;
  /** The row that this one follows. */
  readonly head: LogHead;
  readonly body: Uint8Array;
  readonly personal: Uint8Array | null;
}

/** The row that follows `head`, ready to be appended. */
export function sealRow({ identity, head, body, personal }: UnsealedRow): LogRow {
  const position = head.position + 1;
  const hash = hashLink({ identity, position, previousHash: head.hash, body });
  return { position, previousHash: head.hash, hash, body, personal };
}
