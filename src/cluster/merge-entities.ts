/** What several shards know of one card, device, address, account or merchant, as one. */
import type { EntityView } from '#src/ports/ledger-views.ts';

const LINKS_MAX = 100;

export function mergeEntities(views: readonly (EntityView | undefined)[]): EntityView | undefined {
  const known = views.filter((view) => view !== undefined);
  const [first] = known;
  if (!first || known.length === 1) return first;
  return {
    kind: first.kind,
    id: first.id,
    firstSeenAt: Math.min(...known.map(({ firstSeenAt }) => firstSeenAt)),
    lastSeenAt: Math.max(...known.map(({ lastSeenAt }) => lastSeenAt)),
    payments: known.reduce((sum, { payments }) => sum + payments, 0),
    links: mergedLinks(known),
    labels: uniqueById(known.flatMap(({ labels }) => labels)),
    // Every shard has every list.
    listEntries: uniqueById(known.flatMap(({ listEntries }) => listEntries)),
  };
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
