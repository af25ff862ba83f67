/**
 * What a command carries of persons. It is stored beside the facts, which hold only the SHA-256 of
 * salt and content, so that it can be erased and the chain still verifies (P1).
 */
import type { PaymentPersonal } from './payment.ts';

export interface PersonalContent {
  readonly payment?: PaymentPersonal;
  /** A reviewer's note. */
  readonly note?: string;
  /** The id of a card, device, address or e-mail that a label, a signal or a list entry names. */
  readonly entity?: string;
  readonly device?: string;
  readonly ip?: string;
}

export interface PersonalPart {
  /** Sixteen random bytes, so that equal contents do not have equal digests. */
  readonly salt: Uint8Array;
  /** The encoded `PersonalContent`. */
  readonly content: Uint8Array;
}

export const SALT_BYTES = 16;

/** A personal part with the digest that the facts hold: SHA-256 of salt, then content. */
export interface SealedPersonal extends PersonalPart {
  readonly digest: Uint8Array;
}
