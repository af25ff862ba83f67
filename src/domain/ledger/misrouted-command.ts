/** A shard decides nothing about what is another's, whoever sent it there. */
import { routeOf } from '#src/domain/command-route.ts';
import type { Command } from '#src/domain/commands.ts';
import type { ShardPlace } from '#src/domain/shard-place.ts';
import { refused, type Verdict } from './deciding.ts';

/** The refusal of a command that is for another shard; undefined where it may be decided here. */
export function misroutedCommand(place: ShardPlace, command: Command): Verdict | undefined {
  const route = routeOf(command, place.count);
  if (route.type !== 'shard' || route.shard === place.index) return undefined;
  return refused('wrong_shard', `${command.type} is for shard ${route.shard}, and came to ${place.index}`);
}
