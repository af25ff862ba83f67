/**
 * What a checkpoint keeps of the shard's state beside the ledger: the policy in force, lists and
 * counters, tokens and the model's name.
 */
import type { IpTableRecorded, ModelActivated, RatesRecorded, TokenCreated } from '#src/domain/events.ts';
import { DecisionState, type DecisionStateSnapshot } from '#src/decision/decision-state.ts';
import type { Policy } from '#src/decision/policy.ts';
import type { StoredObject } from '#src/pending/write-behind-table.ts';
import type { StateStore } from '#src/ports/state-store.ts';
import type { ShardState } from './shard-state.ts';

const REGISTRY_KEY = 'registry/state';

export interface Registry {
  readonly ledgerId: string | undefined;
  readonly policyDocument: string | undefined;
  readonly model: ModelActivated | undefined;
  readonly ipTable: IpTableRecorded | undefined;
  readonly rates: RatesRecorded | undefined;
  readonly tokens: readonly TokenCreated[];
  readonly decisions: DecisionStateSnapshot;
}

export function snapshotRegistry(state: ShardState): readonly StoredObject[] {
  const registry: Registry = {
    ledgerId: state.ledgerId,
    policyDocument: state.policyDocument,
    model: state.model,
    ipTable: state.ipTable,
    rates: state.rates,
    tokens: [...state.tokens.values()],
    decisions: state.decisions.toSnapshot(),
  };
  const value = new TextEncoder().encode(JSON.stringify(registry, bytesAsBase64));
  return [{ key: REGISTRY_KEY, value }];
}

/** The registry of the checkpoint, undefined in a store without one. */
export function readRegistry(store: StateStore): Registry | undefined {
  const value = store.get(REGISTRY_KEY);
  return value && (JSON.parse(new TextDecoder().decode(value), base64AsBytes) as Registry);
}

interface RegistryReading {
  readonly readPolicy: (document: string) => Policy;
  /** In force until the log activates one. */
  readonly initialPolicy: Policy;
}

export function decisionStateOf(
  registry: Registry | undefined,
  { readPolicy, initialPolicy }: RegistryReading,
): DecisionState {
  const document = registry?.policyDocument;
  return new DecisionState(
    document === undefined ? initialPolicy : readPolicy(document),
    registry?.decisions,
  );
}

export function restoreRegistry(state: ShardState, registry: Registry | undefined): void {
  if (!registry) return;
  state.ledgerId = registry.ledgerId;
  state.policyDocument = registry.policyDocument;
  state.model = registry.model;
  state.ipTable = registry.ipTable;
  state.rates = registry.rates;
  for (const token of registry.tokens) state.tokens.set(token.tokenId, token);
}

/** The only bytes in a registry are the digests of tokens. */
function bytesAsBase64(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value;
}

function base64AsBytes(key: string, value: unknown): unknown {
  if (key !== 'digest' || typeof value !== 'object' || value === null || !('base64' in value)) return value;
  return new Uint8Array(Buffer.from(String(value.base64), 'base64'));
}
