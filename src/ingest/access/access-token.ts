/**
 * Makes the tokens by which programs and people are known.
 *
 * A token is 256 random bits behind a prefix that secret scanners can look for. It is shown once; what
 * is kept is its SHA-256. A plain hash is enough, because there is nothing to guess in 256 random bits.
 */
import { hash } from 'node:crypto';

export const TOKEN_PREFIX = 'vouch_';
export const TOKEN_SECRET_BYTES = 32;
/** The prefix, and 32 bytes in base64url. */
const TOKEN_LENGTH = TOKEN_PREFIX.length + 43;

export interface CreatedToken {
  /** The secret; never stored and never logged. */
  readonly token: string;
  /** SHA-256 of it, 32 bytes. */
  readonly digest: Uint8Array;
}

/** `secret` is 32 unpredictable bytes. */
export function createAccessToken(secret: Uint8Array): CreatedToken {
  if (secret.length !== TOKEN_SECRET_BYTES) throw new RangeError('a token is made of 32 bytes');
  const token = TOKEN_PREFIX + Buffer.from(secret).toString('base64url');
  return { token, digest: hash('sha256', token, 'buffer') };
}

/** The digest by which a token is looked up, as hexadecimal; undefined for what cannot be a token. */
export function tokenDigestHex(token: string): string | undefined {
  if (token.length !== TOKEN_LENGTH || !token.startsWith(TOKEN_PREFIX)) return undefined;
  return hash('sha256', token, 'hex');
}
