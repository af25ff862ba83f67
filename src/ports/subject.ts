/** One person's card, device, address or account, and what can be erased of what the log knows of it (P1). */
import type { ErasedPart } from '#src/domain/events.ts';
import { formatIpAddress, parseIpAddress } from '#src/domain/ip-address.ts';
import type { ListName } from '#src/domain/list-entry.ts';

export const SUBJECT_KINDS = ['card', 'device', 'ip', 'account'] as const;

export interface Subject {
  readonly kind: (typeof SUBJECT_KINDS)[number];
  /** In its canonical form. */
  readonly id: string;
}

export interface SubjectParts {
  /** Personal parts that no erasure has named yet, oldest first. */
  readonly parts: readonly ErasedPart[];
  /** List entries about the subject that still stand: they are to be removed from their list first. */
  readonly standing: readonly { readonly list: ListName; readonly id: string }[];
}

/** In its canonical form; undefined for an address that is none. */
export function subjectOf(kind: Subject['kind'], id: string): Subject | undefined {
  if (kind !== 'ip') return id === '' ? undefined : { kind, id };
  const address = parseIpAddress(id);
  return address && { kind, id: formatIpAddress(address) };
}
