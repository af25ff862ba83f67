/** The body that asks for a token. */
import { z } from 'zod';
import { SCOPES } from '#src/ingest/access/scope.ts';
import { oneOf, text, fields } from './fields.ts';

const NAME_LENGTH_MAX = 100;

export const tokenSchema = fields({
  name: text(NAME_LENGTH_MAX),
  scopes: z
    .array(oneOf(SCOPES))
    .min(1, 'must name at least one scope')
    .max(SCOPES.length, 'names a scope twice'),
});
