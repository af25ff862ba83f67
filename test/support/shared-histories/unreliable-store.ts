/** A store whose calls fail now and then, with or without having done what was asked. */
import { EntityLogError, type EntityLogStore } from '#src/ports/entity-log-store.ts';

export interface Unreliability {
  readonly store: EntityLogStore;
  readonly random: () => number;
  /** Share of the calls that fail; may be changed. */
  failing: number;
}

export function unreliableStore(unreliability: Unreliability): EntityLogStore {
  const { store, random } = unreliability;
  const perhaps = async <T>(call: () => Promise<T>): Promise<T> => {
    const fails = random() < unreliability.failing;
    if (fails && random() < 0.5) throw new EntityLogError('unreachable', 'it did not get there');
    const answer = await call();
    if (fails) throw new EntityLogError('unreachable', 'the answer was lost');
    return answer;
  };
  return {
    get standing() {
      return store.standing;
    },
    append: (appends) =>
      perhaps(async () => {
        // Some logs have confirmed when the connection breaks.
        if (random() < unreliability.failing) {
          await store.append(appends.filter(() => random() < 0.5));
          throw new EntityLogError('unreachable', 'some answers were lost');
        }
        return store.append(appends);
      }),
    read: (reads) => perhaps(() => store.read(reads)),
    replaceHead: (replacement) => perhaps(() => store.replaceHead(replacement)),
    claim: (ids, shard) => perhaps(() => store.claim(ids, shard)),
    readMarks: () => perhaps(() => store.readMarks()),
    writeMark: (shard, mark) => perhaps(() => store.writeMark(shard, mark)),
    renew: () => perhaps(() => store.renew()),
    clear: (onCleared) => store.clear(onCleared),
    close: () => store.close(),
  };
}
