/** Puts in force what the configuration says, where the log does not have it already. */
import { openIpLocationTable } from '#src/adapters/files/ip-location-table.ts';
import type { Command } from '#src/domain/commands.ts';
import type { Shard } from '#src/shard/shard.ts';
import type { OpenedModel } from './open-model.ts';
import type { ShardSettings } from './shard-parts.ts';

export interface ActivationContext {
  readonly settings: Pick<ShardSettings, 'software' | 'assets' | 'policy' | 'clock'>;
  readonly ledgerId: string;
  readonly model: OpenedModel;
  /** Whether this shard decides the facts that all shards of its ledger share. */
  readonly decidesSharedFacts: boolean;
}

/** @throws when the log cannot be written, or refuses what the configuration says. */
export async function activate(shard: Shard, context: ActivationContext): Promise<void> {
  const { clock } = context.settings;
  const receivedAt = clock.type === 'system' ? Date.now() : clock.startsAt;
  const envelopes = commandsOf(context).map((command) => ({ command, actor: 'system', receivedAt }));
  await new Promise<void>((resolve, reject) => {
    let answered = 0;
    shard.submit(envelopes, (reply) => {
      if (reply.type === 'unavailable') return reject(new Error('the log could not be written at start'));
      answered += reply.answers.length;
      const refused = reply.answers.find((answer) => answer.type === 'RefusedAnswer');
      if (refused) reject(new Error(refused.detail));
      else if (answered === envelopes.length) resolve();
    });
  });
}

function commandsOf({
  settings,
  ledgerId,
  model,
  decidesSharedFacts,
}: ActivationContext): readonly Command[] {
  const { software, assets, policy } = settings;
  const open: Command = { type: 'OpenLedger', ledgerId, software, assets };
  if (!decidesSharedFacts) return [open];
  const { name, version, digest } = openIpLocationTable();
  return [
    open,
    { type: 'ActivatePolicy', ...policy },
    model.activation,
    { type: 'RecordIpTable', name, version, digest },
  ];
}
