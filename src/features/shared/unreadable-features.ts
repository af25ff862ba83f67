/** Says of an entity that its history could not be read, in every feature that comes from it. */
import { UNREADABLE } from '#src/domain/feature-value.ts';
import { FEATURES } from '#src/features/feature-catalogue.ts';
import { ENTITY_SLOTS } from '#src/features/key-layout.ts';
import type { VectorRow } from '#src/ports/feature-stage.ts';

const FEATURES_OF_SLOT: readonly (readonly number[])[] = ENTITY_SLOTS.map((kind) =>
  FEATURES.flatMap(({ entity }, index) => (entity === kind ? [index] : [])),
);

export function markUnreadable(slot: number, { values, offset }: VectorRow): void {
  for (const feature of FEATURES_OF_SLOT[slot] ?? []) values[offset + feature] = UNREADABLE;
}
