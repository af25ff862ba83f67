/**
 * Gives partition `i` of every topic of a shard to the same member of the group: whoever decides for a
 * shard reads all that concerns it. Members keep what they have as far as shares stay even, so that one
 * that comes or goes moves only its own share.
 */
import {
  AssignerProtocol,
  type Assigner,
  type GroupMember,
  type GroupMemberAssignment,
  type PartitionAssigner,
} from 'kafkajs';

const NAME = 'vouch-shards';
const VERSION = 1;

export interface ShardAssignerSettings {
  readonly shards: number;
  /** What this member has as of the last assignment. */
  readonly owned: () => readonly number[];
}

export function shardAssigner({ shards, owned }: ShardAssignerSettings): PartitionAssigner {
  return (): Assigner => ({
    name: NAME,
    version: VERSION,
    protocol: ({ topics }) => ({
      name: NAME,
      metadata: AssignerProtocol.MemberMetadata.encode({
        version: VERSION,
        topics,
        userData: Buffer.from(JSON.stringify(owned())),
      }),
    }),
    assign: ({ members, topics }) => {
      const shares = shareOut(shards, members.map(memberOf));
      return Promise.resolve([...shares].map(([memberId, share]) => assignmentOf(memberId, share, topics)));
    },
  });
}

export interface ShardMember {
  readonly memberId: string;
  readonly owned: readonly number[];
}

/** Each shard to one member, shares differing by one at most. The same whoever works it out. */
export function shareOut(
  shards: number,
  members: readonly ShardMember[],
): ReadonlyMap<string, readonly number[]> {
  const sorted = members.toSorted((left, right) => (left.memberId < right.memberId ? -1 : 1));
  const shares = new Map<string, number[]>(sorted.map(({ memberId }) => [memberId, []]));
  const free = new Set(Array.from({ length: shards }, (_, shard) => shard));
  const largest = Math.ceil(shards / Math.max(sorted.length, 1));
  // So many members may have the larger share.
  let larger = shards - (largest - 1) * sorted.length;
  for (const { memberId, owned } of sorted) {
    const kept = owned.filter((shard) => free.has(shard)).slice(0, larger > 0 ? largest : largest - 1);
    if (kept.length === largest) larger -= 1;
    for (const shard of kept) free.delete(shard);
    shares.get(memberId)?.push(...kept);
  }
  for (const shard of free) {
    const [smallest] = [...shares.values()].toSorted((left, right) => left.length - right.length);
    smallest?.push(shard);
  }
  return shares;
}

function memberOf({ memberId, memberMetadata }: GroupMember): ShardMember {
  const userData = AssignerProtocol.MemberMetadata.decode(memberMetadata)?.userData;
  return { memberId, owned: readOwned(userData) };
}

/** What a member of another version says is not believed, only unused. */
function readOwned(userData: Buffer | undefined): readonly number[] {
  if (!userData || userData.length === 0) return [];
  const owned: unknown = JSON.parse(userData.toString());
  return Array.isArray(owned) ? owned.filter((shard): shard is number => Number.isSafeInteger(shard)) : [];
}

function assignmentOf(
  memberId: string,
  share: readonly number[],
  topics: readonly string[],
): GroupMemberAssignment {
  const assignment = Object.fromEntries(topics.map((topic) => [topic, [...share]]));
  return {
    memberId,
    memberAssignment: AssignerProtocol.MemberAssignment.encode({
      version: VERSION,
      assignment,
      userData: Buffer.alloc(0),
    }),
  };
}
