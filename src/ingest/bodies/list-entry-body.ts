/** The body of an entry of the block list or the allow list. */
import { LIST_KINDS } from '#src/domain/list-entry.ts';
import { REASON_LENGTH_MAX } from './account-bodies.ts';
import { instant, maybe, oneOf, text, fields } from './fields.ts';
import { ENTITY_LENGTH_MAX } from './label-bodies.ts';

export const listEntrySchema = fields({
  kind: oneOf(LIST_KINDS),
  value: text(ENTITY_LENGTH_MAX),
  reason: text(REASON_LENGTH_MAX),
  expiresAt: maybe(instant),
});
