/**
 * Owns the items that are ready to be handed out, in the order of their arrival, and how each kind
 * that is not a payment is put into the words of the outside contract.
 */
import type { Label } from './label.ts';
import type { Mint } from './mint.ts';
import type { Seat } from './parameters.ts';
import type { Move, Reversal, Sighting } from './stage.ts';
import type { WorldItem } from './world-item.ts';

/** One currency everywhere: the world has no exchange rates. */
export const ASSET = 'EUR';

export class Outbox {
  private readonly mint: Mint;
  private readonly seat: Seat;
  private items: WorldItem[] = [];
  private handedOut = 0;
  private lastAt: number;

  constructor(mint: Mint, seat: Seat, startsAt: number) {
    this.mint = mint;
    this.seat = seat;
    this.lastAt = startsAt;
  }

  hasItems(): boolean {
    if (this.handedOut < this.items.length) return true;
    if (this.handedOut > 0) this.items = [];
    this.handedOut = 0;
    return false;
  }

  take(): WorldItem | undefined {
    if (!this.hasItems()) return undefined;
    const item = this.items[this.handedOut];
    this.handedOut += 1;
    return item;
  }

  /** Adds an item that arrives at `item.at`, or right after the one before it; returns when. */
  add(item: WorldItem): number {
    this.lastAt = Math.max(this.lastAt, item.at);
    this.items.push(item.at === this.lastAt ? item : { ...item, at: this.lastAt });
    return this.lastAt;
  }

  /** `limit` is null for an account that may overdraw as it likes, and 0 for one that may not. */
  addAccount(id: string, limit: number | null, at: number): void {
    const overdraft = limit === 0 ? 'forbidden' : 'allowed';
    this.add({
      kind: 'account',
      at,
      body: { id, asset: ASSET, overdraft, ...(limit !== null && limit > 0 && { overdraftLimit: limit }) },
    });
  }

  addTransfer({ from, to, amount, reason }: Move, at: number): void {
    this.add({
      kind: 'transfer',
      at,
      body: { id: this.mint.next('tr_'), debtor: from, creditor: to, amount, asset: ASSET, reason },
    });
  }

  addReversal({ paymentId, amount, kind }: Reversal, at: number): void {
    this.add({ kind: 'reversal', at, paymentId, body: { id: this.mint.next('rev_'), amount, kind } });
  }

  addLabel(label: Label, at: number): void {
    this.add({
      kind: 'label',
      at,
      body: { id: this.mint.next('lab_'), ...label, observedAt: new Date(at).toISOString() },
    });
  }

  /** A bank sees no devices and addresses, and a shop knows its guests by their cards alone. */
  addSignal({ type, account, device, ip }: Sighting, at: number): void {
    if (this.seat === 'shop') return;
    const seen =
      this.seat === 'wallet' ? { ...(device && { device: device.id }), ...(ip !== null && { ip }) } : {};
    const occurredAt = new Date(at).toISOString();
    this.add({
      kind: 'signal',
      at,
      body: { id: this.mint.next('sig_'), type, occurredAt, account, ...seen },
    });
  }
}
