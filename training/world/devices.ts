/**
 * Owns devices: what a shop or a wallet can see of a phone or computer. A device that was wiped, or
 * whose browser storage was cleared, comes back under another id with the same looks.
 */
import type { Country } from './countries.ts';
import { nameAfter } from './mint.ts';
import type { Mint } from './mint.ts';
import type { Random } from './random.ts';
import { LARGEST_LAG, PLATFORMS } from './user-agents.ts';

export interface Device {
  readonly id: string;
  readonly assurance: 'hardware' | 'client' | 'server';
  readonly platform: number;
  readonly lag: number;
  readonly timezone: string;
  readonly language: string;
  readonly screen: string;
  readonly mobile: boolean;
}

/** What devices are made of here: shares in the order of `PLATFORMS`, and how often a phone is on English. */
export interface DeviceMix {
  readonly platformShares: readonly number[];
  readonly englishShare: number;
  readonly hardwareAssuredShare: number;
}

export interface DeviceMaker {
  readonly mint: Mint;
  readonly random: Random;
  readonly mix: DeviceMix;
}

/** Everything about a device but its id. */
type Looks = Omit<Device, 'id'>;

export function makeDevice(country: Country, maker: DeviceMaker): Device {
  const { random, mix } = maker;
  const platform = random.weighted(mix.platformShares);
  const kind = PLATFORMS[platform];
  if (kind === undefined) throw new Error(`no platform ${platform}`);
  return withId(
    {
      assurance: assuranceOf(kind.mobile, maker),
      platform,
      lag: Math.min(LARGEST_LAG, Math.floor(random.exponential(0.8))),
      timezone: country.timezone,
      language: random.chance(mix.englishShare) ? 'en-US' : country.language,
      screen: random.pick(kind.screens),
      mobile: kind.mobile,
    },
    maker.mint,
  );
}

function assuranceOf(mobile: boolean, maker: DeviceMaker): Device['assurance'] {
  if (mobile && maker.random.chance(maker.mix.hardwareAssuredShare)) return 'hardware';
  return maker.random.chance(0.9) ? 'client' : 'server';
}

/**
 * A server that has no code on the device guesses its id from its looks, so devices that look alike
 * share one: many strangers on common phones are one device to it.
 */
function withId(looks: Looks, mint: Mint): Device {
  if (looks.assurance !== 'server') return { ...looks, id: mint.next('d_') };
  const { platform, lag, timezone, language, screen } = looks;
  return { ...looks, id: nameAfter('d_', platform, lag, ...lettersIn(timezone + language + screen)) };
}

function lettersIn(text: string): number[] {
  return Array.from(text, (letter) => letter.charCodeAt(0));
}

/** The same machine after its storage was cleared, the app installed again, or an attacker's reset. */
export function wipe(device: Device, mint: Mint): Device {
  return withId(device, mint);
}

/** The same machine with clock and language set for another country, as a careful attacker does. */
export function dressFor(device: Device, country: Country, mint: Mint): Device {
  const dressed = { ...device, timezone: country.timezone, language: country.language };
  return device.assurance === 'server' ? withId(dressed, mint) : dressed;
}
