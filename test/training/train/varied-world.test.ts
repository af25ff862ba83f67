import { expect, test } from 'vitest';
import { variedWorld } from '#training/train/varied-world.ts';
import { TRAINING } from '#training/world/parameter-sets.ts';

const total = (shares: readonly number[]): number => shares.reduce((sum, share) => sum + share, 0);

test('a seed gives one world, and another seed another', () => {
  expect(variedWorld(TRAINING, 5)).toEqual(variedWorld(TRAINING, 5));
  expect(variedWorld(TRAINING, 6)).not.toEqual(variedWorld(TRAINING, 5));
});

test.each([1, 2, 3, 4, 5])('world %i keeps seat, size and share of fraud, and its shares add up', (seed) => {
  const { seat, days, people, merchants, devices, fraud } = variedWorld(TRAINING, seed);
  expect([seat, days, people.count, merchants.count, fraud.share]).toEqual([
    TRAINING.seat,
    TRAINING.days,
    TRAINING.people.count,
    TRAINING.merchants.count,
    TRAINING.fraud.share,
  ]);
  expect(total(people.countries.map(([, share]) => share))).toBeCloseTo(1, 9);
  expect(total(devices.platformShares)).toBeCloseTo(1, 9);
  expect(total(fraud.skills)).toBeCloseTo(1, 9);
});

test.each([1, 2, 3, 4, 5])('world %i differs from the set, and stays within what is possible', (seed) => {
  const { people, merchants, devices, issuer, startsAt } = variedWorld(TRAINING, seed);
  for (const share of [
    people.travelShare,
    people.vpnShare,
    people.favouriteShare,
    people.foreignCardShare,
    merchants.internationalShare,
    merchants.laxShare,
    devices.hardwareAssuredShare,
    issuer.noFundsShare,
  ]) {
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(0.9);
  }
  expect(people).not.toEqual(TRAINING.people);
  expect(Date.parse(startsAt)).toBeGreaterThanOrEqual(Date.parse(TRAINING.startsAt));
});
