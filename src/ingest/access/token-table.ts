/**
 * Knows the tokens that are in force, by their digests.
 *
 * Looking up the digest takes no time that depends on how much of a secret was right: whoever tries
 * tokens cannot choose what their hashes share with a stored one. One SHA-256 of 49 characters is
 * about half a microsecond.
 */
import { tokenDigestHex } from './access-token.ts';

export interface TokenGrant {
  readonly tokenId: string;
  readonly name: string;
  /** SHA-256 of the token. */
  readonly digest: Uint8Array;
  readonly scopes: readonly string[];
}

/** Who asks. One object for each token, so that what it last wrote can be remembered with it. */
export interface Principal {
  readonly tokenId: string;
  readonly name: string;
  /** As events name it. */
  readonly actor: string;
  readonly scopes: ReadonlySet<string>;
  /** By shard, the log position of the last thing written with it; its reads see at least that. */
  readonly written: (number | undefined)[];
}

export class TokenTable {
  readonly #byDigest = new Map<string, Principal>();

  constructor(grants: Iterable<TokenGrant> = []) {
    for (const grant of grants) this.add(grant);
  }

  add({ tokenId, name, digest, scopes }: TokenGrant): void {
    this.#byDigest.set(Buffer.from(digest).toString('hex'), {
      tokenId,
      name,
      actor: `token:${tokenId}`,
      scopes: new Set(scopes),
      written: [],
    });
  }

  /** Makes these the tokens in force; what is remembered of one that stays is kept. */
  replace(grants: readonly TokenGrant[]): void {
    const inForce = new Set(grants.map(({ digest }) => Buffer.from(digest).toString('hex')));
    for (const digest of this.#byDigest.keys()) if (!inForce.has(digest)) this.#byDigest.delete(digest);
    for (const grant of grants) {
      if (!this.#byDigest.has(Buffer.from(grant.digest).toString('hex'))) this.add(grant);
    }
  }

  revoke(tokenId: string): void {
    for (const [digest, principal] of this.#byDigest) {
      if (principal.tokenId === tokenId) this.#byDigest.delete(digest);
    }
  }

  /** Who has this token, or undefined when nobody does. */
  find(token: string): Principal | undefined {
    const digest = tokenDigestHex(token);
    return digest === undefined ? undefined : this.#byDigest.get(digest);
  }
}

/** Who asks when tokens are off: everything is allowed, which is why that is for loopback only. */
export function anyone(): Principal {
  return {
    tokenId: 'none',
    name: 'anyone',
    actor: 'token:none',
    scopes: new Set(['admin']),
    written: [],
  };
}
