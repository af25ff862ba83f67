/**
 * What a checkpoint keeps of the shard's state beside the ledger: the policy in force, lists and
 * counters, tokens, the model, the table of addresses and the rates. Belongs to the state's encoding version
 * (`domain/encoding/state-codec.ts`).
 */
import { decisionStateCodec } from '#src/decision/decision-state-codec.ts';
import { DecisionState, type DecisionStateSnapshot } from '#src/decision/decision-state.ts';
import type { Policy } from '#src/decision/policy.ts';
import { ByteReader } from '#src/domain/encoding/byte-reader.ts';
import { ByteWriter } from '#src/domain/encoding/byte-writer.ts';
import { list, optional, struct, text, uint } from '#src/domain/encoding/codec.ts';
import {
  ipTableRecorded,
  modelActivated,
  ratesRecorded,
  tokenCreated,
} from '#src/domain/encoding/shared-fact-codec.ts';
import type {
  IpTableRecorded,
  ModelActivated,
  RatesRecorded,
  TokenCreated,
} from '#src/domain/shared-fact.ts';
import type { StoredObject } from '#src/pending/write-behind-table.ts';
import { readStored } from '#src/ports/state-store-error.ts';
import type { StateStore } from '#src/ports/state-store.ts';
import type { ShardState } from './shard-state.ts';

const REGISTRY_KEY = 'registry/state';

export interface Registry {
  readonly ledgerId: string | undefined;
  readonly policyDocument: string | undefined;
  readonly model: Omit<ModelActivated, 'type'> | undefined;
  readonly ipTable: Omit<IpTableRecorded, 'type'> | undefined;
  readonly rates: Omit<RatesRecorded, 'type'> | undefined;
  readonly rateRows: readonly number[];
  readonly tokens: readonly Omit<TokenCreated, 'type'>[];
  readonly decisions: DecisionStateSnapshot;
}

const registryCodec = struct<Registry>({
  ledgerId: optional(text),
  policyDocument: optional(text),
  model: optional(modelActivated),
  ipTable: optional(ipTableRecorded),
  rates: optional(ratesRecorded),
  rateRows: list(uint),
  tokens: list(tokenCreated),
  decisions: decisionStateCodec,
});

export function snapshotRegistry(state: ShardState): readonly StoredObject[] {
  const { ledgerId, policyDocument, model, ipTable, rates, rateRows } = state;
  const tokens = [...state.tokens.values()];
  const writer = new ByteWriter();
  registryCodec.write(writer, {
    ledgerId,
    policyDocument,
    model,
    ipTable,
    rates,
    rateRows,
    tokens,
    decisions: state.decisions.toSnapshot(),
  });
  return [{ key: REGISTRY_KEY, value: writer.toBytes() }];
}

/** The registry of the checkpoint, undefined in a store without one. */
export function readRegistry(store: StateStore): Registry | undefined {
  const value = store.get(REGISTRY_KEY);
  return value && readStored(REGISTRY_KEY, () => registryCodec.read(new ByteReader(value)));
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
  const { model, ipTable, rates } = registry;
  state.ledgerId = registry.ledgerId;
  state.policyDocument = registry.policyDocument;
  state.model = model && { type: 'ModelActivated', ...model };
  state.ipTable = ipTable && { type: 'IpTableRecorded', ...ipTable };
  state.rates = rates && { type: 'RatesRecorded', ...rates };
  state.rateRows = [...registry.rateRows];
  for (const token of registry.tokens) state.tokens.set(token.tokenId, { type: 'TokenCreated', ...token });
}
