import { describe, expect, test } from 'vitest';
import { evaluationSeed, planOf } from '#training/train/training-plan.ts';
import { SEATS } from '#training/world/parameters.ts';

const plan = planOf({});

describe('the plan of the shipped model', () => {
  test.each(SEATS)(
    'learns from several worlds of a %s, and keeps one to stop by and one to calibrate',
    (seat) => {
      const parts = plan.worlds.filter(({ parameters }) => parameters.seat === seat).map(({ part }) => part);
      expect(parts.filter((part) => part === 'learn').length).toBeGreaterThanOrEqual(3);
      expect(parts).toContain('stop');
      expect(parts).toContain('calibrate');
    },
  );

  test('draws every world from a seed of its own, and the evaluation world from another', () => {
    const seeds = [...plan.worlds.map(({ seed }) => seed), evaluationSeed(plan)];
    expect(new Set(seeds).size).toBe(seeds.length);
    expect(plan.worlds.every(({ parameters }) => parameters.name === 'training')).toBe(true);
    expect(plan.evaluationWorld.name).toBe('evaluation');
  });

  test('follows from its choices alone, and names the command that makes it again', () => {
    expect(planOf({})).toEqual(plan);
    expect(plan.command).toBe('npm run train');
    expect(planOf({ days: 9, seat: 'bank' }).command).toBe('npm run train -- --days 9 --seat bank');
  });
});

test('a plan for one seat has no world of another', () => {
  expect(new Set(planOf({ seat: 'shop' }).worlds.map(({ parameters }) => parameters.seat))).toEqual(
    new Set(['shop']),
  );
});
