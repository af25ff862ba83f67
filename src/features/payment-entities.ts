/** The entities of one payment: their histories, and what each history remembers of the others. */
import type { HistoryKeeper } from './history/history-keeper.ts';
import { ATTRIBUTES_OF } from './history/entity-kinds.ts';
import type { AttributeName } from './history/entity-kinds.ts';
import { ID_WORD, KeyReader, SLOT_COUNT, SLOTS, TRAITS_WORD } from './key-layout.ts';

export class PaymentEntities {
  /** For each slot the history, 0 where the payment names no such entity. */
  readonly histories: Uint32Array = new Uint32Array(SLOT_COUNT);
  /** For each slot the attributes of its row. */
  readonly attributes: readonly Uint32Array[] = ATTRIBUTES_OF.map((names) => new Uint32Array(names.length));
  traits = 0;
  idLow = 0;
  idHigh = 0;
  readonly #reader = new KeyReader();

  /** Reads the keys; histories stay as they were until `open`. */
  read(keys: Uint8Array): void {
    const words = this.#reader.read(keys);
    this.traits = words[TRAITS_WORD] ?? 0;
    this.idLow = words[ID_WORD] ?? 0;
    this.idHigh = words[ID_WORD + 1] ?? 0;
    ATTRIBUTES_OF.forEach((names, slot) => {
      const attributes = this.attributes[slot];
      for (let at = 0; attributes && at < names.length; at++)
        attributes[at] = this.#token(names[at] ?? 'payee');
    });
  }

  /** Finds or makes the histories of all slots. */
  openAll(keeper: HistoryKeeper): void {
    for (let slot = 0; slot < SLOT_COUNT; slot++) this.histories[slot] = this.open(keeper, slot);
  }

  /** Finds or makes the history of one slot; 0 when nothing was sent. */
  open(keeper: HistoryKeeper, slot: number): number {
    const low = this.#reader.words[2 * slot] ?? 0;
    const high = this.#reader.words[2 * slot + 1] ?? 0;
    if (low === 0 && high === 0) return 0;
    return keeper.of(low, high, KIND_OF_SLOT[slot] ?? slot);
  }

  #token(name: AttributeName): number {
    const { words } = this.#reader;
    if (name !== 'payee') return words[2 * SLOTS[name]] ?? 0;
    const merchant = words[2 * SLOTS.merchant] ?? 0;
    return merchant === 0 ? (words[2 * SLOTS.creditor] ?? 0) : merchant;
  }
}

/** The debtor as a creditor has a creditor's history, the creditor as an account an account's. */
const KIND_OF_SLOT: readonly number[] = Array.from({ length: SLOT_COUNT }, (_, slot) => {
  if (slot === SLOTS.debtorAsCreditor) return SLOTS.creditor;
  return slot === SLOTS.creditorAsAccount ? SLOTS.account : slot;
});
