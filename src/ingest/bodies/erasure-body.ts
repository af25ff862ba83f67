/** The body that asks for somebody's personal data to be erased. */
import { SUBJECT_KINDS } from '#src/ports/subject.ts';
import { REASON_LENGTH_MAX } from './account-bodies.ts';
import { fields, oneOf, text } from './fields.ts';

const ID_LENGTH_MAX = 128;

export const erasureSchema = fields({
  kind: oneOf(SUBJECT_KINDS),
  id: text(ID_LENGTH_MAX),
  /** It stays in the log: no personal data. */
  reason: text(REASON_LENGTH_MAX),
});
