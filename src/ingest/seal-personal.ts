/** Seals what a command carries of persons: encoded, salted, and with the digest that the facts will hold (P1). */
import { encodeSaltedContent } from '#src/domain/encoding/row-codec.ts';
import { SALT_BYTES } from '#src/domain/personal-part.ts';
import type { PersonalContent, SealedPersonal } from '#src/domain/personal-part.ts';
import { sha256 } from './sha256.ts';

/** Gives sixteen unpredictable bytes each time. */
export type DrawSalt = () => Uint8Array;

/** SHA-256 over the salt, then the content. */
export function sealPersonal(personal: PersonalContent, drawSalt: DrawSalt): SealedPersonal {
  const salted = encodeSaltedContent(drawSalt(), personal);
  return {
    salt: salted.subarray(0, SALT_BYTES),
    content: salted.subarray(SALT_BYTES),
    digest: sha256(salted),
  };
}
