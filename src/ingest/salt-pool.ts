/** Draws salts out of random bytes that are asked for by the thousand, because asking costs a microsecond each time. */
import { SALT_BYTES } from '#src/domain/personal-part.ts';
import type { DrawSalt } from './seal-personal.ts';

const SALTS_AT_ONCE = 1024;

/** `drawBytes` gives unpredictable bytes; no byte of them is used twice. */
export function saltPool(drawBytes: (count: number) => Uint8Array): DrawSalt {
  let pool = new Uint8Array(0);
  let used = 0;
  return function drawSalt() {
    if (used === pool.length) {
      pool = Uint8Array.from(drawBytes(SALTS_AT_ONCE * SALT_BYTES));
      used = 0;
    }
    used += SALT_BYTES;
    return pool.slice(used - SALT_BYTES, used);
  };
}
