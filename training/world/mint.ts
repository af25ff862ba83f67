/**
 * Owns ids that say nothing: a counter goes through a keyed bijection, so ids are unique, of one
 * shape, and neither their order nor their letters tell an honest payment from another. They are
 * letters only: nothing in them can be read as a card number.
 */
import { hashNumbers, mix32 } from './random.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
/** 26^7 is the first power above 2^32. */
const LETTERS_IN_UINT32 = 7;

function lettersOf(value: number): string {
  let rest = value;
  let text = '';
  for (let letter = 0; letter < LETTERS_IN_UINT32; letter += 1) {
    text += LETTERS[rest % 26] ?? '';
    rest = Math.floor(rest / 26);
  }
  return text;
}

/** `prefix` and fourteen letters that follow from what is named: the same twice for equal parts. */
export function nameAfter(prefix: string, ...parts: readonly number[]): string {
  const first = hashNumbers(...parts);
  return prefix + lettersOf(first) + lettersOf(mix32(first + 1));
}

export class Mint {
  private count = 0;
  private readonly firstKey: number;
  private readonly secondKey: number;

  constructor(seed: number) {
    this.firstKey = mix32(seed ^ 0x51ed270b);
    this.secondKey = mix32(this.firstKey ^ 0x2545f491);
  }

  /** `prefix` and fourteen letters; unique among the 2^32 that one mint can make. */
  next(prefix: string): string {
    this.count += 1;
    const first = mix32(this.count ^ this.firstKey);
    const second = mix32((first ^ this.secondKey) + this.count);
    return prefix + lettersOf(first) + lettersOf(second);
  }
}
