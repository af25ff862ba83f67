/**
 * Owns what honest people do at the door of their account: they sign in, mistype, forget the password
 * and set another, often right before they pay. Whoever enters with a stolen password does the same.
 */
import type { Customer } from '#training/world/customers.ts';
import type { Device } from '#training/world/devices.ts';
import type { Stage } from '#training/world/stage.ts';

/** Other payments are made in a session that is still open. */
const SIGNS_IN_SHARE = 0.3;
const MISTYPES_SHARE = 0.06;
const FORGETS_SHARE = 0.012;
const CHANGES_EMAIL_SHARE = 0.0015;

export interface Door {
  readonly customer: Customer;
  readonly device: Device;
  readonly ip: string;
}

export function signIn(stage: Stage, { customer, device, ip }: Door, now: number): void {
  const { random, account } = customer;
  if (!random.chance(SIGNS_IN_SHARE)) return;
  const sighting = { account, device, ip };
  const forgot = random.chance(FORGETS_SHARE);
  const failures = forgot ? random.integerBetween(1, 4) : random.chance(MISTYPES_SHARE) ? 1 : 0;
  for (let count = 0; count < failures; count += 1) stage.signal({ type: 'login_failed', ...sighting }, now);
  if (forgot) stage.signal({ type: 'password_changed', ...sighting }, now);
  stage.signal({ type: 'login', ...sighting }, now);
  if (random.chance(CHANGES_EMAIL_SHARE)) stage.signal({ type: 'email_changed', ...sighting }, now);
}
