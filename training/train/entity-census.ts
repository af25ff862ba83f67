/**
 * Finds entities that say nothing in some traffic: one that is always the same (the merchant, where
 * one shop's payments are scored), and one that only repeats another (the account, where every card is
 * one). Their features would teach a network the size of that shop, or the same thing twice.
 */
import type { EntityKind } from '#src/domain/entity.ts';
import { FEATURES } from '#src/features/feature-catalogue.ts';
import type { SeededWorld } from '#training/train/training-plan.ts';
import { createWorld } from '#training/world/world.ts';
import type { PaymentBody } from '#training/world/world-item.ts';

/** Enough to see every kind of payment of a world many times. */
const PAYMENTS = 10_000;

/** In the order in which the one that came first is kept. */
const READERS: readonly (readonly [EntityKind, (body: PaymentBody) => unknown])[] = [
  ['account', (body) => body.debtor],
  ['creditor', (body) => body.creditor],
  ['card', (body) => partOf(body, 'card', 'id')],
  ['device', (body) => partOf(body, 'device', 'id')],
  ['ip', (body) => body['ip']],
  ['merchant', (body) => partOf(body, 'merchant', 'id')],
  ['email', (body) => partOf(body, 'customer', 'emailHash')],
  ['bin', (body) => partOf(body, 'card', 'bin')],
];

function partOf(body: PaymentBody, object: string, field: string): unknown {
  const value = body[object];
  return typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined;
}

/** Whether each value of one comes with one value of the other and no other, in every payment. */
function areTheSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  const pairs = new Set(one.map((value, place) => JSON.stringify([value ?? null, other[place] ?? null])));
  return pairs.size === new Set(one).size && pairs.size === new Set(other).size;
}

/** The kinds of entities that say nothing in these payments. */
export function emptyEntities(bodies: readonly PaymentBody[]): ReadonlySet<EntityKind> {
  const columns = READERS.map(([kind, read]) => ({ kind, values: bodies.map(read) }));
  const empty = columns.filter(({ values }, place) => {
    const isConstant = new Set(values).size <= 1;
    const isRepeated = columns.slice(0, place).some((earlier) => areTheSame(earlier.values, values));
    return isConstant || isRepeated;
  });
  return new Set(empty.map(({ kind }) => kind));
}

function firstPayments({ parameters, seed }: SeededWorld): readonly PaymentBody[] {
  const world = createWorld(parameters, seed);
  const bodies: PaymentBody[] = [];
  for (let item = world.next(); item !== undefined && bodies.length < PAYMENTS; item = world.next()) {
    if (item.kind === 'payment') bodies.push(item.body);
  }
  return bodies;
}

/** Places in the feature catalogue whose entity says nothing in any of the worlds. */
export function emptyFeatures(worlds: readonly SeededWorld[]): ReadonlySet<number> {
  const censuses = worlds.map((world) => emptyEntities(firstPayments(world)));
  const isEmpty = (kind: EntityKind | undefined): boolean =>
    kind !== undefined && censuses.every((empty) => empty.has(kind));
  return new Set(FEATURES.flatMap(({ entity }, place) => (isEmpty(entity) ? [place] : [])));
}
