/** All that a shard's state says, as bytes that can be compared. */
import { ByteWriter } from '#src/domain/encoding/byte-writer.ts';
import type { Codec } from '#src/domain/encoding/codec.ts';
import {
  accountState,
  counters,
  directoryEntry,
  paymentState,
  receiptState,
} from '#src/domain/encoding/state-codec.ts';
import type { CommandRecord } from '#src/domain/events.ts';
import { authorizationKey, receiptKey, type LedgerState } from '#src/domain/ledger/ledger-state.ts';
import { snapshotRegistry } from '#src/shard/registry-snapshot.ts';
import type { ShardState } from '#src/shard/shard-state.ts';

/** By the name of each object; `records` say which objects there are. */
export function dumpOf(state: ShardState, records: readonly CommandRecord[]): ReadonlyMap<string, string> {
  const registry = snapshotRegistry(state).map(
    ({ key, value }) => [key, Buffer.from(value).toString('hex')] as const,
  );
  return new Map([...registry, ...ledgerDumpOf(state.ledger, records)]);
}

export function ledgerDumpOf(
  ledger: LedgerState,
  records: readonly CommandRecord[],
): ReadonlyMap<string, string> {
  const dump = new Map<string, string>();
  const put = <T>(name: string, codec: Codec<T>, value: T | undefined) => {
    dump.set(name, value === undefined ? 'absent' : hexOf(codec, value));
  };
  const putReceipt = (key: string) => put(`receipt ${key}`, receiptState, ledger.receipts.get(key));
  put('counters', counters, ledger.counters);
  for (const event of records.flatMap(({ events }) => events)) {
    if (event.type === 'AccountOpened')
      put(`account ${event.account}`, accountState, ledger.accounts.get(event.account));
    if (event.type === 'PaymentReceived')
      put(`payment ${event.facts.id}`, paymentState, ledger.payments.get(event.facts.id));
    if (event.type === 'PaymentRegistered')
      put(`home of ${event.paymentId}`, directoryEntry, ledger.directory.get(event.paymentId));
    if (event.type === 'TransferPosted') putReceipt(receiptKey('transfer', event.transferId));
    if (event.type === 'SignalRecorded') putReceipt(receiptKey('signal', event.signalId));
    if (event.type === 'AuthorizationRecorded') putReceipt(authorizationKey(event));
    if (event.type === 'LabelRecorded') putReceipt(receiptKey('label', event.labelId));
  }
  return dump;
}

function hexOf<T>(codec: Codec<T>, value: T): string {
  const writer = new ByteWriter(64);
  codec.write(writer, value);
  return Buffer.from(writer.toBytes()).toString('hex');
}
