/** The bodies of signals and labels: what is known beside payments. */
import { ENTITY_KINDS } from '#src/domain/entity.ts';
import { LABELS, LABEL_KINDS, LABEL_SOURCES, LABEL_STATES } from '#src/domain/events.ts';
import type { instant } from './fields.ts';
import { id, ipAddress, maybe, oneOf, pattern, text, fields } from './fields.ts';

const REFERENCE_LENGTH_MAX = 128;
export const ENTITY_LENGTH_MAX = 256;

/** `login`, `login_failed`, `password_changed`, `email_changed`, `payee_added`, `device_enrolled`, and any like them. */
const signalType = pattern(/^[a-z][a-z0-9_]{0,63}$/, 'a word in snake_case, such as password_changed');

export function signalSchema(occurredAt: typeof instant) {
  return fields({
    id,
    type: signalType,
    occurredAt,
    account: id,
    device: maybe(id),
    ip: maybe(ipAddress),
  });
}

export function labelSchema(observedAt: typeof instant) {
  return fields({
    id,
    paymentId: maybe(id),
    entity: maybe(fields({ kind: oneOf(ENTITY_KINDS), id: text(ENTITY_LENGTH_MAX) })),
    label: oneOf(LABELS),
    kind: maybe(oneOf(LABEL_KINDS)),
    source: oneOf(LABEL_SOURCES),
    state: maybe(oneOf(LABEL_STATES)),
    reference: maybe(text(REFERENCE_LENGTH_MAX)),
    observedAt,
  });
}
