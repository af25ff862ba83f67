/** Kinds of values that several sections of the configuration have. */
import { z } from 'zod';

export const path = z.string().min(1, 'must not be empty');

/** A secret stands in the file, in a variable or in a file of its own; it is a string once read. */
export const secret = z.union(
  [z.string().min(1), z.strictObject({ env: path }), z.strictObject({ file: path })],
  'must be a text, { env: NAME } or { file: PATH }',
);

export type WrittenSecret = z.output<typeof secret>;
