/** The readers of everything that can be sent, with the keys of this ledger and its clock. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Readers } from '#src/adapters/http/http-deps.ts';
import { openIpLocationTable } from '#src/adapters/files/ip-location-table.ts';
import { assetTable } from '#src/domain/asset.ts';
import { SALT_BYTES } from '#src/domain/personal-part.ts';
import { createEntityKeyer } from '#src/features/sip-entity-keyer.ts';
import { accountReaders } from '#src/ingest/account-readers.ts';
import type { CommandReaderDeps } from '#src/ingest/command-reader.ts';
import { knowledgeReaders } from '#src/ingest/knowledge-readers.ts';
import { paymentActionReaders } from '#src/ingest/payment-action-readers.ts';
import { paymentReader } from '#src/ingest/payment-reader.ts';

export interface BodyReaderSettings {
  /** 16 bytes: the key of the hashes by which histories know entities. */
  readonly entityKey: Uint8Array;
  /** Assets beyond ISO 4217, with their decimals. */
  readonly assets: Readonly<Record<string, number>>;
  readonly now: () => number;
  readonly aheadSecondsMax: number;
}

const ANY_ADDRESS = { version: 4, words: [0] } as const;

/** Salts are cut from blocks: one call for random bytes serves many payments. */
const SALTS_AT_ONCE = 256;

export function bodyReaders({ entityKey, assets, now, aheadSecondsMax }: BodyReaderSettings): Readers {
  const ipTable = openIpLocationTable();
  // Reads the table now, and not while the first payments wait.
  ipTable.originOf(ANY_ADDRESS);
  const deps: CommandReaderDeps = {
    assets: assetTable(assets),
    now,
    aheadSecondsMax,
    entityKeys: createEntityKeyer({ key: entityKey, ipTable }),
    drawSalt: saltSource(),
    newId: randomUUID,
  };
  return {
    ...accountReaders(deps),
    ...paymentActionReaders(deps),
    ...knowledgeReaders(deps),
    payment: paymentReader(deps),
  };
}

function saltSource(): () => Uint8Array {
  let block = new Uint8Array();
  let used = 0;
  return () => {
    if (used >= block.length) {
      block = new Uint8Array(randomBytes(SALT_BYTES * SALTS_AT_ONCE));
      used = 0;
    }
    used += SALT_BYTES;
    return block.subarray(used - SALT_BYTES, used);
  };
}
