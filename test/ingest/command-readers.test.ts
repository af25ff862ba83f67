import { describe, expect, it } from 'vitest';
import { decodePersonalContent } from '#src/domain/encoding/row-codec.ts';
import { accountReaders } from '#src/ingest/account-readers.ts';
import type { CommandReader } from '#src/ingest/command-reader.ts';
import { knowledgeReaders } from '#src/ingest/knowledge-readers.ts';
import { paymentActionReaders } from '#src/ingest/payment-action-readers.ts';
import { readerDeps } from '#test/support/reader-deps.ts';

const readers = {
  ...accountReaders(readerDeps()),
  ...paymentActionReaders(readerDeps()),
  ...knowledgeReaders(readerDeps()),
};

function read(reader: CommandReader, body: unknown) {
  const result = reader.read(body, 'target');
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.content;
}

function problemPaths(reader: CommandReader, body: unknown): string[] {
  const result = reader.read(body, 'target');
  return result.ok ? [] : result.problems.map(({ path }) => path);
}

const label = { id: 'l', label: 'fraud', source: 'chargeback', observedAt: '2026-11-24T10:00:00Z' };
const signal = { id: 's', type: 'password_changed', occurredAt: '2026-11-24T10:00:00Z', account: 'a' };

describe('bodies of commands', () => {
  it('open an account that may not be overdrawn unless it is said', () => {
    expect(read(readers.openAccount, { id: 'a', asset: 'EUR' })).toMatchObject({
      type: 'OpenAccount',
      account: 'a',
      overdraft: 'forbidden',
    });
    const limited = { id: 'a', asset: 'EUR', overdraft: 'allowed', overdraftLimit: '500' };
    expect(read(readers.openAccount, limited)).toMatchObject({ overdraftLimit: 500 });
    expect(problemPaths(readers.openAccount, { ...limited, overdraft: null })).toEqual(['overdraftLimit']);
  });

  it('freeze, unfreeze and close the account in the path', () => {
    expect(read(readers.freezeAccount, { reason: 'r' })).toEqual({
      type: 'FreezeAccount',
      account: 'target',
      direction: 'both',
      reason: 'r',
    });
    expect(read(readers.unfreezeAccount, { direction: 'debits', reason: 'r' })).toMatchObject({
      direction: 'debits',
    });
    expect(read(readers.closeAccount, { reason: 'r' })).toMatchObject({
      type: 'CloseAccount',
      account: 'target',
    });
    expect(problemPaths(readers.freezeAccount, { direction: 'up' })).toEqual(['direction', 'reason']);
  });

  it('transfer an amount that is not zero between two accounts', () => {
    const transfer = { id: 't', debtor: 'a', creditor: 'b', amount: 5, asset: 'EUR', reason: 'funding' };
    expect(read(readers.transfer, transfer)).toMatchObject({ type: 'Transfer', transferId: 't', amount: 5 });
    expect(problemPaths(readers.transfer, { ...transfer, amount: 0, creditor: 'a' })).toEqual([
      'amount',
      'creditor',
    ]);
  });

  it('capture, void and reverse the payment in the path', () => {
    expect(read(readers.capture, {})).toEqual({ type: 'CapturePayment', paymentId: 'target' });
    expect(read(readers.capture, { id: 'c', amount: 3, final: false })).toMatchObject({
      captureId: 'c',
      final: false,
    });
    expect(problemPaths(readers.capture, { final: false })).toEqual(['id']);
    expect(read(readers.void, { reason: 'r' })).toMatchObject({ type: 'VoidPayment', reason: 'r' });
    expect(read(readers.reverse, { id: 'r' })).toMatchObject({ reversalId: 'r', kind: 'refund' });
  });

  it('say what issuers, customers and reviewers answered', () => {
    const said = read(readers.authorization, { result: 'declined', code: '51' });
    expect(said).toMatchObject({ code: '51' });
    expect(read(readers.authorization, { code: '51', result: 'declined' })).toEqual(said);
    const named = read(readers.authorization, { id: 'a', result: 'declined' });
    expect(named).toMatchObject({ authorizationId: 'a' });
    expect(read(readers.challenge, { result: 'passed', method: '3ds' })).toMatchObject({ result: 'passed' });
    const decision = read(readers.reviewDecision, { outcome: 'deny', reason: 'stolen', note: 'called Ada' });
    expect(decision).toMatchObject({ type: 'DecideReview', paymentId: 'target', outcome: 'deny' });
    expect(JSON.stringify({ ...decision, note: undefined })).not.toContain('Ada');
  });

  it('record signals with device and address sealed', () => {
    const command = read(readers.signal, { ...signal, device: 'd', ip: '::FFFF:1.2.3.4' });
    if (command.type !== 'RecordSignal' || command.personal === undefined)
      throw new Error('no personal part');
    expect(decodePersonalContent(command.personal)).toEqual({ device: 'd', ip: '1.2.3.4' });
    expect(read(readers.signal, signal)).not.toHaveProperty('personal');
  });

  it('record labels on a payment or on an entity, whose id is sealed', () => {
    expect(read(readers.label, { ...label, paymentId: 'p' })).toMatchObject({
      paymentId: 'p',
      label: 'fraud',
    });
    const entity = { kind: 'card', id: 'c_1' };
    const command = read(readers.label, { ...label, entity });
    if (command.type !== 'RecordLabel' || command.personal === undefined) throw new Error('no personal part');
    expect(command.entityKind).toBe('card');
    expect(decodePersonalContent(command.personal)).toEqual({ entity: 'c_1' });
    expect(problemPaths(readers.label, label)).toEqual(['paymentId']);
    expect(problemPaths(readers.label, { ...label, paymentId: 'p', entity })).toEqual(['paymentId']);
  });

  it('add list entries in the canonical form of their kind', () => {
    const command = read(readers.blockEntry, { kind: 'ip', value: '2001:DB8::0:1', reason: 'bots' });
    if (command.type !== 'AddListEntry') throw new Error('not an entry');
    expect(command).toMatchObject({ list: 'block', kind: 'ip' });
    expect(decodePersonalContent(command.personal)).toEqual({ entity: '2001:db8::1' });
    expect(problemPaths(readers.blockEntry, { kind: 'ip', value: 'x', reason: 'r' })).toEqual(['value']);
    expect(problemPaths(readers.allowEntry, { kind: 'country', value: 'DE', reason: 'r' })).toEqual(['kind']);
  });

  it('record exchange rates of known assets', () => {
    const rates = { date: '2026-11-24', base: 'EUR', rates: { USD: 1.08, JPY: 161.2 } };
    expect(read(readers.rates, rates)).toEqual({ type: 'RecordRates', ...rates });
    expect(problemPaths(readers.rates, { ...rates, rates: { XAU: 1, USD: 0 } })).toEqual([
      'rates.XAU',
      'rates.USD',
    ]);
  });
});
