import type { Pay } from '#src/domain/commands.ts';
import { decodePersonalContent } from '#src/domain/encoding/row-codec.ts';
import type { PaymentRequest } from '#src/domain/payment.ts';

/** The payment with its personal part opened. */
export function requestOf({ facts, personal }: Pay): PaymentRequest {
  return { facts, personal: (personal && decodePersonalContent(personal).payment) ?? {} };
}
