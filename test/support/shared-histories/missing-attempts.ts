/** Attempts of a shard that the log of one of their entities does not have. */
import { ENTITY_KINDS } from '#src/domain/entity.ts';
import { emptyRecord, kindOf, readRecord } from '#src/features/shared/entity-record.ts';
import { nameOf } from '#src/features/shared/folded-entities.ts';
import { ID_WORD, KeyReader } from '#src/features/key-layout.ts';
import { RECORD_BYTES } from '#src/ports/entity-log-store.ts';
import type { TellingShard } from './telling-shard.ts';

export function missingAttempts(
  shards: readonly TellingShard[],
  logs: ReadonlyMap<string, Uint8Array>,
): readonly string[] {
  const there = new Set([...logs].flatMap(([name, log]) => attemptsIn(name, log)));
  const items = shards.flatMap(({ rows }) => rows.flat());
  return items.flatMap((item) => {
    if (item.type !== 'attempt') return [];
    const words = new KeyReader().read(item.attempt.entityKeys);
    const id = `${words[ID_WORD]}/${words[ID_WORD + 1]}`;
    return ENTITY_KINDS.flatMap((kind, slot) => {
      const name = nameOf(words[2 * slot] ?? 0, words[2 * slot + 1] ?? 0);
      const isNamed = words[2 * slot] !== 0 || words[2 * slot + 1] !== 0;
      return isNamed && !there.has(`${name}/${id}`) ? [`${item.attempt.request.facts.id} of ${kind}`] : [];
    });
  });
}

function attemptsIn(name: string, log: Uint8Array): readonly string[] {
  const record = emptyRecord();
  const found: string[] = [];
  for (let at = 0; at < log.length; at += RECORD_BYTES) {
    readRecord(log, at, record);
    if (kindOf(record) === 0) found.push(`${name}/${record.idLow}/${record.idHigh}`);
  }
  return found;
}
