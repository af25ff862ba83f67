/** The things whose behaviour is watched. `ipNetwork` is the /24 of an IPv4 and the /48 of an IPv6 address; an IPv6 `ip` is its /64. */
export const ENTITY_KINDS = [
  'account',
  'creditor',
  'card',
  'device',
  'ip',
  'ipNetwork',
  'merchant',
  'email',
  'bin',
] as const;

export type EntityKind = (typeof ENTITY_KINDS)[number];
