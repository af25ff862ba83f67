/** What command readers need, made deterministic: a fixed clock, counted ids, a fixed salt, readable keys. */
import { assetTable } from '#src/domain/asset.ts';
import { SALT_BYTES } from '#src/domain/personal-part.ts';
import type { CommandReaderDeps } from '#src/ingest/command-reader.ts';

export const TEST_NOW = Date.parse('2026-11-24T10:16:00.000Z');

export function readerDeps(overrides: Partial<CommandReaderDeps> = {}): CommandReaderDeps {
  let ids = 0;
  return {
    assets: assetTable(),
    now: () => TEST_NOW,
    aheadSecondsMax: 300,
    entityKeys: {
      ofPayment: ({ facts, personal }) => Buffer.from(`${facts.debtor}|${personal.cardId ?? ''}`),
      ofSignal: ({ account, device }) => Buffer.from(`${account}|${device ?? ''}`),
      ofEntity: (kind, id) => Buffer.from(`${kind}|${id}`),
    },
    drawSalt: () => new Uint8Array(SALT_BYTES).fill(7),
    newId: () => `generated_${++ids}`,
    ...overrides,
  };
}
