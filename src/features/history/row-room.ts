/**
 * Room for the rows of a list, in steps of 1, 2, 3, 4, 6, 8, 12, 16, 24 … units of the slab.
 *
 * Twice the room at each step would leave a list that grows a third of its room unused on average; these
 * steps leave a sixth, for a second move of its rows on the way to twice the room. Three units are four
 * whose last quarter is given back, so the slab knows powers of two only.
 */
import type { Slab } from './slab.ts';

/** Units of a step. */
export function roomUnits(step: number): number {
  return isPower(step) ? 1 << powerOrder(step) : 3 << quarterOrder(step);
}

export function allocateRoom(slab: Slab, step: number): number {
  if (isPower(step)) return slab.allocate(powerOrder(step));
  const quarter = quarterOrder(step);
  const block = slab.allocate(quarter + 2);
  slab.release(block + (3 << quarter), quarter);
  return block;
}

export function releaseRoom(slab: Slab, block: number, step: number): void {
  if (isPower(step)) return slab.release(block, powerOrder(step));
  const quarter = quarterOrder(step);
  slab.release(block, quarter + 1);
  slab.release(block + (2 << quarter), quarter);
}

function isPower(step: number): boolean {
  return step === 0 || step % 2 === 1;
}

function powerOrder(step: number): number {
  return (step + 1) >> 1;
}

function quarterOrder(step: number): number {
  return (step >> 1) - 1;
}
