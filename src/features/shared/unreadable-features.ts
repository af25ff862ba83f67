/** The features that come from histories: said to be unreadable, or taken over from another vector. */
import { UNREADABLE } from '#src/domain/feature-value.ts';
import { FEATURES } from '#src/features/feature-catalogue.ts';
import { ENTITY_SLOTS } from '#src/features/key-layout.ts';
import type { VectorRow } from '#src/ports/feature-stage.ts';

const FEATURES_OF_SLOT: readonly (readonly number[])[] = ENTITY_SLOTS.map((kind) =>
  FEATURES.flatMap(({ entity }, index) => (entity === kind ? [index] : [])),
);

const ENTITY_FEATURES: readonly number[] = FEATURES_OF_SLOT.flat();

export function copyEntityFeatures(from: Float32Array, to: Float32Array): void {
  for (const feature of ENTITY_FEATURES) to[feature] = from[feature] ?? UNREADABLE;
}

export function markUnreadable(slot: number, { values, offset }: VectorRow): void {
  for (const feature of FEATURES_OF_SLOT[slot] ?? []) values[offset + feature] = UNREADABLE;
}
