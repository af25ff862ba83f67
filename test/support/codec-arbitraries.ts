/** Arbitrary values of a codec, made from what the codec says about itself. */
import fc from 'fast-check';
import type { FieldDescription } from '#src/domain/encoding/codec.ts';
import { command } from '#src/domain/encoding/command-codec.ts';
import { ledgerEvent } from '#src/domain/encoding/event-codec.ts';
import { shardMessage } from '#src/domain/encoding/shard-message-codec.ts';
import { sharedFact } from '#src/domain/encoding/shared-fact-codec.ts';
import type { VariantDescription } from '#src/domain/encoding/tagged-union.ts';
import { NO_HISTORY, NOT_SENT, UNREADABLE } from '#src/domain/feature-value.ts';

type Fields = readonly FieldDescription[] | undefined;

const texts = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.string({ minLength: 47, maxLength: 70 }),
);

/** Small, large, and at the edges of the varint's lengths. */
export const uints: fc.Arbitrary<number> = fc.oneof(
  fc.nat(300),
  fc.maxSafeNat(),
  fc.constantFrom(0, 127, 128, 16_383, 16_384, 2 ** 32, Number.MAX_SAFE_INTEGER),
);

/** Balances beyond 2^53 too. */
export const bigints: fc.Arbitrary<bigint> = fc.oneof(
  fc.bigInt({ min: -(2n ** 100n), max: 2n ** 100n }),
  fc.constantFrom(0n, 2n ** 53n - 1n, 2n ** 53n, -(2n ** 53n) - 1n, 255n, 256n, -1n),
);

/** What features give: zeros, small and large integers, fractions, and the missing kinds. */
export const vectors: fc.Arbitrary<Float32Array> = fc
  .array(
    fc.oneof(
      fc.constant(0),
      fc.nat(10),
      fc.nat(2 ** 24),
      fc.constantFrom(NOT_SENT, NO_HISTORY, UNREADABLE, -0, 2 ** 21 - 1, 2 ** 21, -1),
      fc.float({ noNaN: true }),
    ),
    { maxLength: 80 },
  )
  .map((values) => Float32Array.from(values));

const LEAVES: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  uint: uints,
  integer: bigints,
  float64: fc.double({ noNaN: true }),
  text: texts,
  bytes: fc.uint8Array({ maxLength: 40 }),
  flag: fc.boolean(),
  'float32 vector, sparse': vectors,
};

export function arbitraryOf(type: string, fields: Fields): fc.Arbitrary<unknown> {
  if (type.startsWith('list of ')) {
    return fc.array(arbitraryOf(type.slice('list of '.length), fields), { maxLength: 4 });
  }
  const ofMap = 'map of text to ';
  if (type.startsWith(ofMap)) {
    const keys = texts.filter((key) => key !== '__proto__');
    return fc.dictionary(keys, arbitraryOf(type.slice(ofMap.length), fields), {
      maxKeys: 4,
      noNullPrototype: true,
    });
  }
  if (type === 'record') return recordOf(fields ?? []);
  if (type === 'event') return variantOf(ledgerEvent.variants);
  if (type === 'message') return variantOf(shardMessage.variants);
  if (type === 'shared fact') return variantOf(sharedFact.variants);
  if (type === 'command') return variantOf(command.variants);
  const leaf = LEAVES[type];
  if (leaf) return leaf;
  if (!type.includes(' or ')) throw new Error(`no arbitrary for ${type}`);
  return fc.constantFrom(...type.split(' or '));
}

/** A value of one of the variants. */
export function variantOf(variants: readonly VariantDescription[]): fc.Arbitrary<unknown> {
  return fc.oneof(...variants.map(({ type, fields }) => recordOf(fields).map((body) => ({ type, ...body }))));
}

function recordOf(fields: readonly FieldDescription[]): fc.Arbitrary<Record<string, unknown>> {
  const arbitraries = fields.map((field) => [field.name, arbitraryOf(field.type, field.fields)] as const);
  const requiredKeys = fields.filter(({ optional }) => !optional).map(({ name }) => name);
  return fc.record(Object.fromEntries(arbitraries), { requiredKeys, noNullPrototype: true });
}
