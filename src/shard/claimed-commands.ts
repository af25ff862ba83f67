/**
 * Asks where histories are shared which shard a payment's id belongs to, before anything is counted or
 * decided. It is the first and cheapest of the steps that keep ids unique (L6), and the only one that may
 * be left out: who cannot ask goes on, and the directory of ids finds what was missed.
 */
import type { CommandEnvelope } from '#src/domain/commands.ts';
import type { LedgerState } from '#src/domain/ledger/ledger-state.ts';
import type { ShardPlace } from '#src/domain/shard-place.ts';
import type { FeatureStage } from '#src/ports/feature-stage.ts';

export interface ClaimingShard {
  readonly features: Pick<FeatureStage, 'remote'>;
  readonly ledger: Pick<LedgerState, 'payments'>;
  readonly place: ShardPlace;
}

/** The commands, with the owner in each payment whose id another shard has claimed. */
export async function claimedCommands(
  envelopes: readonly CommandEnvelope[],
  { features, ledger, place }: ClaimingShard,
): Promise<readonly CommandEnvelope[]> {
  if (place.count === 1 || !features.remote) return envelopes;
  const ids = new Set<string>();
  for (const { command } of envelopes) {
    if (command.type === 'Pay' && !ledger.payments.get(command.facts.id)) ids.add(command.facts.id);
  }
  if (ids.size === 0) return envelopes;
  const owners = await features.remote.claim([...ids]);
  const ownerOf = new Map([...ids].map((id, index) => [id, owners[index] ?? place.index]));
  return envelopes.map((envelope) => {
    const { command } = envelope;
    const claimedBy = command.type === 'Pay' ? ownerOf.get(command.facts.id) : undefined;
    if (command.type !== 'Pay' || claimedBy === undefined || claimedBy === place.index) return envelope;
    return { ...envelope, command: { ...command, claimedBy } };
  });
}
