/**
 * The tokens that are in force, for processes that check requests and are not the shard that made them.
 * All in memory: a ledger has a few hundred at most.
 */
import { ByteReader } from '#src/domain/encoding/byte-reader.ts';
import { ByteWriter } from '#src/domain/encoding/byte-writer.ts';
import { tokenCreated } from '#src/domain/encoding/shared-fact-codec.ts';
import type { CommandRecord } from '#src/domain/events.ts';
import type { TokenView } from '#src/ports/ledger-views.ts';
import type { BufferedStore } from './buffered-store.ts';

const TOKEN_PREFIX = 'token/';
const TOKEN_BYTES = 256;

export class TokenDirectory {
  readonly #store: BufferedStore;
  readonly #tokens = new Map<string, TokenView>();

  private constructor(store: BufferedStore) {
    this.#store = store;
  }

  static async load(store: BufferedStore): Promise<TokenDirectory> {
    const directory = new TokenDirectory(store);
    for await (const [, value] of store.stored(TOKEN_PREFIX)) {
      const token = tokenCreated.read(new ByteReader(value));
      directory.#tokens.set(token.tokenId, token);
    }
    return directory;
  }

  get size(): number {
    return this.#tokens.size;
  }

  /** In force, in the order in which they were made, as far as that is known. */
  all(): readonly TokenView[] {
    return [...this.#tokens.values()];
  }

  apply({ events }: CommandRecord): void {
    for (const event of events) {
      if (event.type === 'TokenCreated') this.#add(event);
      if (event.type === 'TokenRevoked') this.#remove(event.tokenId);
    }
  }

  #add({ tokenId, name, digest, scopes }: TokenView): void {
    const token = { tokenId, name, digest, scopes };
    this.#tokens.set(tokenId, token);
    const writer = new ByteWriter(TOKEN_BYTES);
    tokenCreated.write(writer, token);
    this.#store.put(TOKEN_PREFIX + tokenId, writer.toBytes());
  }

  #remove(tokenId: string): void {
    this.#tokens.delete(tokenId);
    this.#store.delete(TOKEN_PREFIX + tokenId);
  }
}
