/**
 * From the rows of a ledger in one process to the rows of a ledger in several shards, its new generation:
 * what was told, then in each shard one event that says where it came from.
 */
import { decodePersonalParts, decodeRow } from '#src/domain/encoding/row-codec.ts';
import type { LedgerState } from '#src/domain/ledger/ledger-state.ts';
import type { CarriedBalance, GenerationBegan } from '#src/domain/saga-events.ts';
import type { LogHead, LogRow } from '#src/ports/event-log.ts';
import { RetoldRows } from './retold-rows.ts';
import { RetoldShard } from './retold-shard.ts';
import { Retelling } from './retelling.ts';

export interface LedgerRetellingSettings {
  /** The id of the new ledger. */
  readonly ledgerId: string;
  /** The empty state of each of its shards, by index. */
  readonly states: readonly LedgerState[];
  /** Rows of each shard come in their order. */
  readonly onRow: (shard: number, row: LogRow) => void;
}

/** What the old ledger was, and what it says of the accounts that each shard has now. */
export interface Predecessor {
  readonly ledgerId: string;
  readonly head: LogHead;
  /** By the index of the shard. */
  readonly balances: readonly (readonly CarriedBalance[])[];
}

export class LedgerRetelling {
  readonly #shards: readonly RetoldShard[];
  readonly #rows: readonly RetoldRows[];
  readonly #retelling: Retelling;
  #shardTime = 0;

  constructor({ ledgerId, states, onRow }: LedgerRetellingSettings) {
    const count = states.length;
    this.#rows = states.map((_, shard) => new RetoldRows({ ledgerId, shard }, (row) => onRow(shard, row)));
    this.#shards = states.flatMap((state, index) => {
      const rows = this.#rows[index];
      return rows ? [new RetoldShard({ index, count }, state, rows)] : [];
    });
    this.#retelling = new Retelling(ledgerId, this.#shards);
  }

  /** @throws Error when the row contradicts the ones before: the old log has to be verified first. */
  tell({ position, body, personal }: LogRow): void {
    const parts = decodePersonalParts(personal);
    for (const [index, record] of decodeRow(body).entries()) {
      this.#shardTime = record.shardTime;
      this.#retelling.tell({ record, position, index, part: parts.get(index) });
    }
  }

  /** Behind the last row. */
  finish({ ledgerId, head, balances }: Predecessor): void {
    this.#retelling.finish();
    const telling = {
      actor: 'system',
      cause: 'BeginGeneration',
      shardTime: this.#shardTime,
      payer: undefined,
    };
    for (const [index, shard] of this.#shards.entries()) {
      const { position, hash } = head;
      const began: GenerationBegan = {
        type: 'GenerationBegan',
        ledgerId,
        position,
        hash,
        balances: balances[index] ?? [],
      };
      shard.append(telling, [began]);
      shard.close();
      this.#rows[index]?.end();
    }
  }
}
