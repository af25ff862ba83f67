/**
 * Follows the rows of a log one after the other and says what is wrong with each: the part of `vouch verify`
 * that needs nothing but the rows (L3). Holds one hash and one position, whatever the length of the log.
 */
import { hashLink } from '#src/journal/hash-chain.ts';
import type { LogHead, LogIdentity, LogRow } from '#src/ports/event-log.ts';
import { EMPTY_HEAD } from '#src/ports/event-log.ts';

export type ChainFault =
  /** The row's bytes are not those that were hashed. */
  | 'changed'
  /** Positions leave something out, or the log ends before a head that was seen. */
  | 'missing'
  /** The row does not follow the one before it. */
  | 'unlinked'
  /** The storage reports that it cannot read what stands there. */
  | 'unreadable'
  /** A head that was kept elsewhere says otherwise. */
  | 'anchor'
  /** What the row says does not hold together, for one who understands it. */
  | 'content';

export interface ChainProblem {
  /** The first position that is affected. */
  readonly position: number;
  readonly fault: ChainFault;
  readonly detail: string;
}

export interface ChainChecker {
  check(row: LogRow): readonly ChainProblem[];
  /** Goes on after a row that could not be read: its hash is not known, so its link is not checked. */
  skip(position: number): void;
  /** Position and stored hash of the last row seen. */
  readonly last: LogHead;
}

export function createChainChecker(identity: LogIdentity): ChainChecker {
  let last: LogHead = EMPTY_HEAD;
  let isLinkKnown = true;

  function linkProblem(row: LogRow): ChainProblem | null {
    const expected = last.position + 1;
    if (row.position !== expected) {
      return {
        position: expected,
        fault: 'missing',
        detail: `position ${row.position} stands where ${expected} should`,
      };
    }
    if (!isLinkKnown || Buffer.compare(row.previousHash, last.hash) === 0) return null;
    return {
      position: row.position,
      fault: 'unlinked',
      detail: 'the row does not name the hash of the one before it',
    };
  }

  function hashProblem(row: LogRow): ChainProblem | null {
    if (Buffer.compare(hashLink({ identity, ...row }), row.hash) === 0) return null;
    return {
      position: row.position,
      fault: 'changed',
      detail: 'the bytes of the row are not those that were hashed',
    };
  }

  return {
    get last() {
      return last;
    },
    check(row) {
      const problems = [linkProblem(row), hashProblem(row)].filter((problem) => problem !== null);
      last = { position: row.position, hash: row.hash };
      isLinkKnown = true;
      return problems;
    },
    skip(position) {
      last = { position, hash: last.hash };
      isLinkKnown = false;
    },
  };
}
