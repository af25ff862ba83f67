/** Owns from where and on what a customer pays: home, office, train, hotel, VPN. */
import { localHour } from '#training/world/calendar.ts';
import type { Customer } from '#training/world/customers.ts';
import type { Device } from '#training/world/devices.ts';
import { homeAddress, mobileAddress, sharedAddress, vpnAddress } from '#training/world/networks.ts';

const HOTELS = 300;
/** Sites of hotels are numbered apart from those of offices, and those of kiosks apart from both. */
const FIRST_HOTEL = 1_000_000;
const FIRST_KIOSK = 2_000_000;
/** Of the payments of those who have a kiosk, those they make there. */
const AT_KIOSK_SHARE = 0.45;

export function chooseDevice({ devices, kiosk, random }: Customer): Device {
  if (kiosk !== null && random.chance(AT_KIOSK_SHARE)) return kiosk.device;
  const [first] = devices;
  return first !== undefined && random.chance(0.7) ? first : random.pick(devices);
}

/** Some pay in the shop by phone; a plain card shows no device. */
export function phoneAtTill({ devices, random }: Customer): Device | null {
  const phone = devices.find((device) => device.mobile);
  return phone !== undefined && random.chance(0.35) ? phone : null;
}

export function addressOf(customer: Customer, device: Device, now: number): string {
  const { random, kiosk } = customer;
  if (kiosk !== null && device === kiosk.device)
    return sharedAddress(customer.country, FIRST_KIOSK + kiosk.site);
  if (customer.vpnHabit && random.chance(0.5)) return vpnAddress(random.uint32());
  if (customer.awayUntil > now) return addressAbroad(customer, now);
  const hour = localHour(now, customer.pace.utcOffsetHours);
  const working = hour >= 8 && hour < 18;
  if (working && customer.office !== null && random.chance(0.55))
    return sharedAddress(customer.country, customer.office);
  if (device.mobile && random.chance(working ? 0.5 : 0.25)) return mobileAddress(customer.mobile, now);
  return homeAddress(customer.home, now);
}

/** Roaming phones show an address of the carrier at home; a hotel's network is local. */
function addressAbroad(customer: Customer, now: number): string {
  const { random } = customer;
  if (random.chance(0.15)) return vpnAddress(random.uint32());
  if (random.chance(0.45)) return mobileAddress(customer.mobile, now);
  return sharedAddress(customer.awayIn, FIRST_HOTEL + random.below(HOTELS));
}
