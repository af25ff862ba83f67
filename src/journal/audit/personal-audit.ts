/**
 * Personal parts against the digests that the facts hold (P1). A part that is gone has to be named by
 * an erasure, which comes later in the log; a part that is named has to be gone.
 */
import { hash } from 'node:crypto';
import type { PersonalParts } from '#src/domain/encoding/row-codec.ts';
import type { CommandRecord, PersonalPartRef } from '#src/domain/events.ts';
import type { PersonalPart } from '#src/domain/personal-part.ts';
import type { Report } from './report.ts';

export class PersonalAudit {
  /** Parts that are not there, until an erasure names them. Erasures are rare. */
  readonly #missing = new Set<string>();
  readonly #present = new Set<string>();
  /** Two erasures may name the same part. */
  readonly #named = new Set<string>();
  #erased = 0;

  get erased(): number {
    return this.#erased;
  }

  check(
    record: CommandRecord,
    place: PersonalPartRef & { readonly parts: PersonalParts },
    report: Report,
  ): void {
    const digest = digestIn(record);
    const part = place.parts.get(place.record);
    if (!digest && part) return report(`record ${place.record} has a personal part that no fact knows`);
    if (!digest) return;
    if (!part) this.#missing.add(keyOf(place));
    else if (!isDigestOf(digest, part)) report(`the personal part of record ${place.record} was changed`);
  }

  erase(parts: readonly PersonalPartRef[]): void {
    for (const part of parts) {
      if (this.#named.has(keyOf(part))) continue;
      this.#named.add(keyOf(part));
      if (this.#missing.delete(keyOf(part))) this.#erased++;
      else this.#present.add(keyOf(part));
    }
  }

  /** What can only be said at the end of the log. */
  *findings(): Generator<{ readonly position: number; readonly detail: string }> {
    for (const key of this.#missing) {
      yield {
        position: positionOf(key),
        detail: `the personal part of record ${key} is gone and was never erased`,
      };
    }
    for (const key of this.#present) {
      yield {
        position: positionOf(key),
        detail: `the personal part of record ${key} was erased and is still there`,
      };
    }
  }
}

function digestIn({ events }: CommandRecord): Uint8Array | undefined {
  for (const event of events) {
    if ('personalDigest' in event && event.personalDigest !== undefined) return event.personalDigest;
  }
  return undefined;
}

const SCRATCH_BYTES = 64 * 1024;
const scratch = Buffer.allocUnsafe(SCRATCH_BYTES);

function isDigestOf(digest: Uint8Array, { salt, content }: PersonalPart): boolean {
  const length = salt.length + content.length;
  const bytes = length <= SCRATCH_BYTES ? scratch.subarray(0, length) : Buffer.allocUnsafe(length);
  bytes.set(salt);
  bytes.set(content, salt.length);
  return Buffer.compare(hash('sha256', bytes, 'buffer'), digest) === 0;
}

function keyOf({ position, record }: PersonalPartRef): string {
  return `${position}/${record}`;
}

function positionOf(key: string): number {
  return Number.parseInt(key, 10);
}
