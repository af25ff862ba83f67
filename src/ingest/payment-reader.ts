/**
 * Reads the body of a payment: the command that asks for it, and the canonical form in which the
 * answer repeats it. This is the hot path of ingest.
 */
import type { z } from 'zod';
import type { Pay } from '#src/domain/commands.ts';
import type { PaymentRequest } from '#src/domain/payment.ts';
import { digestBody } from './body-digest.ts';
import { bodyReader } from './body-reader.ts';
import type { ReadResult } from './body-reader.ts';
import { paymentSchema } from './bodies/payment-body.ts';
import { CANONICAL_VERSION, sortedJson } from './canonical-form.ts';
import { assetField, pastInstant } from './command-reader.ts';
import type { CommandReaderDeps } from './command-reader.ts';
import { paymentCheck } from './cross-checks.ts';
import { paymentRequest, storedContent } from './payment-request.ts';
import { sealPersonal } from './seal-personal.ts';

export interface ReadPayment {
  readonly command: Pay;
  /** JSON of what was sent, sorted, without defaults (RFC 8785). */
  readonly canonical: string;
}

export interface PaymentReader {
  readonly schema: z.ZodObject;
  readonly read: (body: unknown) => ReadResult<ReadPayment>;
  /** The JSON of a payment that was stored, written as that of one that is read. */
  readonly writeStored: (request: PaymentRequest) => string;
}

export function paymentReader(deps: CommandReaderDeps): PaymentReader {
  const schema = paymentSchema({ occurredAt: pastInstant(deps), asset: assetField(deps.assets) });
  const body = bodyReader(schema, paymentCheck);

  function read(sent: unknown): ReadResult<ReadPayment> {
    const result = body.read(sent);
    if (!result.ok) return result;
    const canonical = body.write(result.content);
    const { facts, personal } = paymentRequest(result.content);
    const bodyDigest = digestBody(canonical);
    const entityKeys = deps.entityKeys.ofPayment({ facts, personal });
    const command: Pay = { type: 'Pay', facts, bodyDigest, bodyVersion: CANONICAL_VERSION, entityKeys };
    if (!hasFields(personal)) return { ok: true, content: { command, canonical } };
    const sealed = sealPersonal({ payment: personal }, deps.drawSalt);
    return { ok: true, content: { command: { ...command, personal: sealed }, canonical } };
  }
  return { schema: body.schema, read, writeStored: (request) => sortedJson(storedContent(request)) };
}

function hasFields(object: object): boolean {
  for (const _name in object) return true;
  return false;
}
