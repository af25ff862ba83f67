/** The entities of one payment: their histories, and what each history remembers of the others. */
import { ATTRIBUTES_OF } from './history/entity-kinds.ts';
import { ATTRIBUTES } from './history/layout.ts';
import { ID_WORD, KeyReader, SLOT_COUNT, SLOTS, TRAITS_WORD } from './key-layout.ts';

/** For each attribute of each slot, the word of the keys that it is read from. */
const PAYEE = -1;
const ATTRIBUTE_WORDS = Int32Array.from(
  ATTRIBUTES_OF.flatMap((names) => names.map((name) => (name === 'payee' ? PAYEE : 2 * SLOTS[name]))),
);

/** The debtor as a creditor has a creditor's history, the creditor as an account an account's. */
export const KIND_OF_SLOT: Int32Array = Int32Array.from({ length: SLOT_COUNT }, (_, slot) => {
  if (slot === SLOTS.debtorAsCreditor) return SLOTS.creditor;
  return slot === SLOTS.creditorAsAccount ? SLOTS.account : slot;
});

/** Where histories come from: that of a key, an empty one where there is none yet. */
export interface HistorySource {
  of(keyLow: number, keyHigh: number, kind: number): number;
}

export class PaymentEntities {
  /** For each slot the history, 0 where the payment names no such entity. */
  readonly histories: Uint32Array = new Uint32Array(SLOT_COUNT);
  /** For each slot the attributes of its row. */
  readonly attributes: readonly Uint32Array[];
  traits = 0;
  idLow = 0;
  idHigh = 0;
  readonly #reader = new KeyReader();
  readonly #tokens = new Uint32Array(ATTRIBUTE_WORDS.length);

  constructor() {
    this.attributes = ATTRIBUTES_OF.map((_, slot) => {
      return this.#tokens.subarray(slot * ATTRIBUTES, (slot + 1) * ATTRIBUTES);
    });
  }

  /** Reads the keys; histories stay as they were until `open`. */
  read(keys: Uint8Array): void {
    const words = this.#reader.read(keys);
    this.traits = words[TRAITS_WORD] ?? 0;
    this.idLow = words[ID_WORD] ?? 0;
    this.idHigh = words[ID_WORD + 1] ?? 0;
    const merchant = words[2 * SLOTS.merchant] ?? 0;
    const payee = merchant === 0 ? (words[2 * SLOTS.creditor] ?? 0) : merchant;
    for (let at = 0; at < ATTRIBUTE_WORDS.length; at++) {
      const word = ATTRIBUTE_WORDS[at] ?? PAYEE;
      this.#tokens[at] = word === PAYEE ? payee : (words[word] ?? 0);
    }
  }

  /** Finds or makes the histories of all slots. */
  openAll(source: HistorySource): void {
    for (let slot = 0; slot < SLOT_COUNT; slot++) this.histories[slot] = this.open(source, slot);
  }

  /** Finds or makes the history of one slot; 0 when nothing was sent. */
  open(source: HistorySource, slot: number): number {
    const low = this.#reader.words[2 * slot] ?? 0;
    const high = this.#reader.words[2 * slot + 1] ?? 0;
    return low === 0 && high === 0 ? 0 : source.of(low, high, KIND_OF_SLOT[slot] ?? slot);
  }
}
