/**
 * The log in memory, for tests and simulations: the same guarantees as on disk as far as a process can
 * give them. `MemoryLogStorage` is what would survive a crash, so opening it again is a restart, and it can
 * be told to fail the next commit either before or after the row was kept.
 */
import assert from 'node:assert/strict';

import { CommitOutcomeUnknown, EventLogError } from '#src/ports/event-log-error.ts';
import type {
  EventLog,
  LogHead,
  LogIdentity,
  LogRow,
  OpenEventLog,
  ReadRange,
} from '#src/ports/event-log.ts';
import { DEFAULT_READ, EMPTY_HEAD, MAX_ERASED_ROWS, MAX_ROW_BYTES } from '#src/ports/event-log.ts';

export type CommitFault = 'lost' | 'kept';

export class MemoryLogStorage {
  readonly rows: LogRow[] = [];
  identity: LogIdentity | null = null;
  /** Fails the next commit: its row is `lost`, or `kept` although the commit reported an error. */
  nextCommitFault: CommitFault | null = null;
  /** While true nothing can be opened or written, as on a full disk. */
  full = false;
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

export function openMemoryEventLog(storage: MemoryLogStorage): OpenEventLog {
  return async function open(identityIfNew) {
    if (storage.full) throw new EventLogError('full', 'the log cannot be opened: no space left');
    storage.identity ??= identityIfNew;
    return createMemoryEventLog(storage, storage.identity);
  };
}

function createMemoryEventLog(storage: MemoryLogStorage, identity: LogIdentity): EventLog {
  let usable = true;

  function headNow(): LogHead {
    return storage.rows.at(-1) ?? EMPTY_HEAD;
  }

  function assertUsable(): void {
    assert(usable, 'the log must be opened again after an error or a close');
  }

  function commit(change: () => void): void {
    const fault = storage.full ? 'lost' : storage.nextCommitFault;
    storage.nextCommitFault = null;
    if (fault !== 'lost') change();
    if (fault === null) return;
    usable = false;
    throw new CommitOutcomeUnknown(storage.full ? 'full' : 'io', 'the commit failed');
  }

  return {
    identity,
    async head() {
      assertUsable();
      const { position, hash } = headNow();
      return { position, hash };
    },
    async read(range) {
      assertUsable();
      return pageOf(storage.rows, { ...DEFAULT_READ, ...range });
    },
    async append(row) {
      assertUsable();
      const head = headNow();
      assert.equal(row.position, head.position + 1, 'a row must follow the head');
      assert(sameBytes(row.previousHash, head.hash), 'a row must name the hash of the head');
      assert(
        row.body.length <= MAX_ROW_BYTES && (row.personal?.length ?? 0) <= MAX_ROW_BYTES,
        'a row is too large',
      );
      commit(() => storage.rows.push(structuredClone(row)));
    },
    async erasePersonal(positions, transform) {
      assertUsable();
      assert(positions.length <= MAX_ERASED_ROWS, 'too many rows for one erasure');
      const changed = positions.flatMap((position) => {
        const row = storage.rows[position - 1];
        if (row === undefined || row.personal === null) return [];
        const personal = transform(position, row.personal);
        return personal !== null && sameBytes(personal, row.personal) ? [] : [{ ...row, personal }];
      });
      commit(() => changed.forEach((row) => (storage.rows[row.position - 1] = row)));
      return { changedRows: changed.length, scrubbed: true };
    },
    async close() {
      usable = false;
    },
  };
}

function pageOf(rows: readonly LogRow[], range: Required<ReadRange>): readonly LogRow[] {
  const page: LogRow[] = [];
  let bytes = 0;
  for (let index = range.from - 1; index < rows.length; index++) {
    const row = rows[index];
    if (row === undefined || page.length >= range.maxRows || bytes >= range.maxBytes) break;
    const wanted = range.withPersonal ? row : { ...row, personal: null };
    bytes += wanted.body.length + (wanted.personal?.length ?? 0);
    page.push(structuredClone(wanted));
  }
  return page;
}
