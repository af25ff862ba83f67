/** What histories of each kind of entity keep. A kind is the slot of its key, see `key-layout.ts`. */
import type { EntityKind } from '#src/domain/entity.ts';
import { PAIRS, TENURES } from '#src/features/catalogue/trust-features.ts';
import { SLOTS } from '#src/features/key-layout.ts';
import type { ROW_KIND } from './history-row.ts';

export type AttributeName = EntityKind | 'payee';

/**
 * What a row of each kind remembers of the payment's other entities: the low word of their keys, 0
 * where nothing was sent. The payee is the merchant where one is sent, else the creditor.
 */
export const ATTRIBUTES_OF: readonly (readonly [
  AttributeName,
  AttributeName,
  AttributeName,
  AttributeName,
])[] = [
  ['payee', 'device', 'card', 'ipNetwork'],
  ['account', 'card', 'device', 'ipNetwork'],
  ['payee', 'device', 'account', 'ipNetwork'],
  ['account', 'card', 'payee', 'ipNetwork'],
  ['account', 'card', 'device', 'payee'],
  ['account', 'card', 'device', 'payee'],
  ['account', 'card', 'device', 'bin'],
  ['account', 'card', 'device', 'payee'],
  ['card', 'payee', 'account', 'device'],
];

export const TRUSTED_KINDS: ReadonlySet<number> = new Set(
  (Object.keys(TENURES) as (keyof typeof TENURES)[]).map((entity) => SLOTS[entity]),
);

/** How many of a row's attributes, from the first on, a lifetime header keeps acquaintances of. */
export const PAIRED_ATTRIBUTES: readonly number[] = ATTRIBUTES_OF.map((_, slot) =>
  PAIRS.filter(({ entity }) => SLOTS[entity] === slot).reduce(
    (most, { attribute }) => Math.max(most, attribute + 1),
    0,
  ),
);

export const SIGNAL_ENTITY: number = SLOTS.account;

const { account, creditor, card, device, ip, ipNetwork, merchant, email, bin } = SLOTS;
const LABELLED = [account, creditor, card, device, ip, ipNetwork, merchant, email, bin];

/** The histories that an outcome is told to, by its kind. */
export const TOLD: Readonly<Record<Exclude<keyof typeof ROW_KIND, 'attempt'>, readonly number[]>> = {
  posted: [account, creditor, card, device, email],
  denied: [account, card, device, ip, email],
  rejected: [account, card, device, ip, email],
  issuerDeclined: [account, card, device, ip, merchant, bin],
  reversed: [account, creditor, card, device],
  fraud: LABELLED,
  cleared: LABELLED,
};
