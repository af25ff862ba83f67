/** What several shards know of one card, device, address, account or merchant, as one. */
import type { EntityView, EntityWindows, WindowCounts } from '#src/ports/ledger-views.ts';

const LINKS_MAX = 100;

export function mergeEntities(views: readonly (EntityView | undefined)[]): EntityView | undefined {
  const known = views.filter((view) => view !== undefined);
  const [first] = known;
  if (!first || known.length === 1) return first;
  const paid = known.filter(({ payments }) => payments !== undefined);
  return {
    kind: first.kind,
    id: first.id,
    ...(paid.length > 0 && {
      firstSeenAt: Math.min(...paid.map(({ firstSeenAt = Infinity }) => firstSeenAt)),
      lastSeenAt: Math.max(...paid.map(({ lastSeenAt = 0 }) => lastSeenAt)),
      payments: paid.reduce((sum, { payments = 0 }) => sum + payments, 0),
      windows: mergedWindows(paid.flatMap(({ windows }) => windows ?? [])),
    }),
    links: mergedLinks(known),
    labels: uniqueById(known.flatMap(({ labels }) => labels)),
    // Every shard has every list.
    listEntries: uniqueById(known.flatMap(({ listEntries }) => listEntries)),
  };
}

/**
 * The windows that all shards have, each as of its own newest time. Whether two of them saw the same
 * entities is not known, so the different ones are not counted.
 */
function mergedWindows(windows: readonly EntityWindows[]): EntityWindows {
  const [first, ...others] = windows;
  const names = Object.keys(first?.counts ?? {}).filter((name) => others.every(({ counts }) => counts[name]));
  const counts = names.map((name) => [name, summed(windows.flatMap((each) => each.counts[name] ?? []))]);
  return {
    asOf: Math.max(...windows.map(({ asOf }) => asOf)),
    counts: Object.fromEntries(counts) as EntityWindows['counts'],
  };
}

function summed(counts: readonly WindowCounts[]): WindowCounts {
  const amounts: Record<string, bigint> = {};
  for (const [asset, sum] of counts.flatMap((each) => Object.entries(each.amounts)))
    amounts[asset] = (amounts[asset] ?? 0n) + sum;
  const complete = counts.every((each) => each.complete);
  return { complete, attempts: counts.reduce((sum, { attempts }) => sum + attempts, 0), amounts };
}

/** Most payments first: which is the most recent across shards is not known. */
function mergedLinks(views: readonly EntityView[]): EntityView['links'] {
  const merged = new Map<string, EntityView['links'][number]>();
  for (const link of views.flatMap(({ links }) => links)) {
    const key = `${link.kind}:${link.id}`;
    merged.set(key, { ...link, payments: link.payments + (merged.get(key)?.payments ?? 0) });
  }
  return [...merged.values()].toSorted((a, b) => b.payments - a.payments).slice(0, LINKS_MAX);
}

function uniqueById<Item extends { readonly id: string }>(items: readonly Item[]): readonly Item[] {
  return [...new Map(items.map((item) => [item.id, item])).values()];
}
