/** How a shard's mark stands in Redis, readable with `redis-cli`. */
import type { ShardMark } from '#src/ports/entity-log-store.ts';

export function markToText(shard: number, mark: ShardMark): string {
  const { epoch, position, head, settledPosition, time, isWhole } = mark;
  return [shard, epoch, position, head, settledPosition, time, isWhole ? 1 : 0].join(' ');
}

/** Undefined for what is no mark. */
export function markFromText(
  text: string | undefined,
): readonly [shard: number, mark: ShardMark] | undefined {
  const numbers = (text ?? '').split(' ').map(Number);
  const [shard, epoch, position, head, settledPosition, time, isWhole] = numbers;
  if (shard === undefined || epoch === undefined || position === undefined || head === undefined)
    return undefined;
  if (
    settledPosition === undefined ||
    time === undefined ||
    numbers.some((each) => !Number.isSafeInteger(each))
  )
    return undefined;
  return [shard, { epoch, position, head, settledPosition, time, isWhole: isWhole === 1 }];
}
