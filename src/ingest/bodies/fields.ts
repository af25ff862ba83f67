/**
 * The kinds of field that request bodies are made of, each with the sentence that says what it wants.
 *
 * Every text of ours is free of control characters and of card numbers; a message never repeats what
 * was sent. Lengths are limits, stated with the field.
 */
import { z } from 'zod';
import { formatIpAddress, parseIpAddress } from '#src/domain/ip-address.ts';
import { containsCardNumber, maskCardNumbers } from '#src/ingest/card-number.ts';
import { sortedNames } from '#src/ingest/canonical-form.ts';
import { formatInstant, parseInstant } from '#src/ingest/instant.ts';

/** Cc of Unicode: C0, DEL and C1. They forge log lines and terminals. */
const CONTROLS = '\\u0000-\\u001f\\u007f-\\u009f';
const NO_CONTROLS = new RegExp(`^[^${CONTROLS}]*$`);
const ID = /^[A-Za-z0-9_.:-]{1,128}$/;

export const AMOUNT_MAX = Number.MAX_SAFE_INTEGER;

const CARD_NUMBER = 'must not be a card number; send a token or a fingerprint';

function isClean(text: string): boolean {
  return text.isWellFormed() && !containsCardNumber(text);
}

/** 1 to 128 of `A-Z a-z 0-9 _ . : -`. */
export const id = z
  .string()
  .regex(ID, 'must be 1 to 128 of A-Z a-z 0-9 _ . : -')
  .refine((text) => !containsCardNumber(text), CARD_NUMBER);

/** Text of at least one character, without control characters and card numbers. */
export function text(lengthMax: number) {
  return z
    .string()
    .min(1, 'must not be empty')
    .max(lengthMax, `must have at most ${lengthMax} characters`)
    .regex(NO_CONTROLS, 'must not hold control characters')
    .refine(isClean, CARD_NUMBER);
}

/** Text that matches a pattern; `wanted` completes "must be …". */
export function pattern(form: RegExp, wanted: string) {
  return z.string().regex(form, `must be ${wanted}`);
}

/** One of the words, and the sentence lists them. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, `must be one of ${words.join(', ')}`);
}

/** Null and absence are the same: "not sent". */
export function maybe<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().transform((value) => value ?? undefined);
}

/** An object without other fields than these, in the order in which the canonical form has them. */
export function fields<Shape extends z.core.$ZodShape>(shape: Shape) {
  return z.strictObject(sortedNames(shape));
}

/** ISO 3166-1 alpha-2. */
export const country = pattern(/^[A-Z]{2}$/, 'two capital letters (ISO 3166-1)');
/** A bank identification number. */
export const bin = pattern(/^\d{6,8}$/, 'six to eight digits');
/** ISO 18245. */
export const merchantCategory = pattern(/^\d{4}$/, 'four digits (ISO 18245)');
/** A digest or token that stands for personal data. */
export const fingerprint = text(256);

export const calendarDate = z
  .string()
  .refine((day) => /^\d{4}-\d{2}-\d{2}$/.test(day) && parseInstant(`${day}T00:00:00Z`) !== undefined, {
    error: 'must be a date, YYYY-MM-DD',
  })
  .meta({ format: 'date' });

const AMOUNT_WORDS = `must be an integer from 1 to ${AMOUNT_MAX} in minor units, as a number or as digits in a string`;

/** From 0 to 2^53 - 1 as a number, or as digits in a string; zero is left to the body to judge. */
export const amount = z.union(
  [
    z.number().int(AMOUNT_WORDS).min(0, AMOUNT_WORDS).max(AMOUNT_MAX, AMOUNT_WORDS),
    z
      .string()
      .regex(/^\d{1,32}$/)
      .transform(Number)
      .refine((value) => value <= AMOUNT_MAX, AMOUNT_WORDS),
  ],
  {
    error: AMOUNT_WORDS,
  },
);

export const positiveAmount = amount.refine((value) => value > 0, { error: 'must be at least 1' });

/** The years that an instant may have, so that it is written with four digits and is never negative. */
const INSTANT_MIN = 0;
const INSTANT_MAX = 253_402_300_799_999;

/** RFC 3339 with a zone, from 1970 to 9999; `2026-11-24T10:15:30.250Z` once read. */
export const instant = instantUntil(() => INSTANT_MAX, 'must not be after the year 9999');

/** An instant that may not be later than `latest()` says when it is read. */
export function instantUntil(latest: () => number, tooLate: string) {
  return z
    .string()
    .transform((written, context) => {
      const read = parseInstant(written);
      const problem = instantProblem(read, latest, tooLate);
      if (problem === undefined && read !== undefined)
        return isCanonical(written) ? written : formatInstant(read);
      context.issues.push({ code: 'custom', message: problem ?? tooLate, input: undefined });
      return z.NEVER;
    })
    .meta({ format: 'date-time' });
}

/** A valid instant of this length that ends so has milliseconds, and can only have them in one way. */
function isCanonical(written: string): boolean {
  return (
    written.length === 24 && written.endsWith('Z') && written.charAt(10) === 'T' && !written.includes(':60.')
  );
}

function instantProblem(read: number | undefined, latest: () => number, tooLate: string): string | undefined {
  if (read === undefined)
    return 'must be a date and time with a zone (RFC 3339), such as 2026-11-24T10:15:30.250Z';
  if (read < INSTANT_MIN) return 'must not be before 1970';
  return read > latest() || read > INSTANT_MAX ? tooLate : undefined;
}

/** IPv4 or IPv6, in its canonical form once read. */
export const ipAddress = z.string().transform((written, context) => {
  const address = parseIpAddress(written);
  if (address !== undefined) return formatIpAddress(address);
  context.issues.push({ code: 'custom', message: 'must be an IPv4 or IPv6 address', input: undefined });
  return z.NEVER;
});

const METADATA_KEYS_MAX = 50;
const METADATA_KEY_LENGTH_MAX = 40;
const METADATA_VALUE_LENGTH_MAX = 500;

const metadataText = (lengthMax: number) =>
  z
    .string()
    .max(lengthMax, `must have at most ${lengthMax} characters`)
    .regex(NO_CONTROLS, 'must not hold control characters')
    .refine((value) => value.isWellFormed(), 'must be well-formed Unicode');

/** Up to 50 notes of the sender. A card number in a value is masked, not refused: it is their text, not ours. */
export const metadata = z
  .record(
    recordName(metadataText(METADATA_KEY_LENGTH_MAX)),
    metadataText(METADATA_VALUE_LENGTH_MAX).transform(maskCardNumbers),
  )
  .refine(
    (notes) => Object.keys(notes).length <= METADATA_KEYS_MAX,
    `must have at most ${METADATA_KEYS_MAX} keys`,
  )
  .transform(sortedNames);

const SCORES_MAX = 10;

/** Scores of others, by their name, each from 0 to 1. */
export const scores = z
  .record(recordName(text(METADATA_KEY_LENGTH_MAX)), z.number().min(0).max(1))
  .refine((named) => Object.keys(named).length <= SCORES_MAX, `must have at most ${SCORES_MAX} scores`)
  .transform(sortedNames);

/** A name in a free record: never a card number, never one that reaches an object's prototype. */
function recordName(name: z.ZodString) {
  return name
    .min(1, 'must not be empty')
    .refine((written) => written !== 'constructor' && written !== 'prototype', 'is not allowed as a name')
    .refine((written) => !containsCardNumber(written), CARD_NUMBER);
}
