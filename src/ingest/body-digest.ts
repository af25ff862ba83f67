/** The digest by which two bodies are told apart: SHA-256 over the canonical form, which carries a version. */
import { CANONICAL_VERSION } from './canonical-form.ts';
import { sha256 } from './sha256.ts';

const DOMAIN = `vouch-body-${CANONICAL_VERSION}\n`;

/** 32 bytes over the canonical form of a body. */
export function digestBody(canonical: string): Uint8Array {
  return sha256(DOMAIN + canonical);
}
