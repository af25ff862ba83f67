/** What goes between the thread that talks to the world and the thread of the read models. */
import type { LedgerQueries } from '#src/ports/ledger-queries.ts';

/** What can be asked, without what the asking side knows itself. */
export type ReadQueries = Omit<Required<LedgerQueries>, 'position' | 'onPosition'>;

export type QueryCall = {
  [Name in keyof ReadQueries]: { readonly name: Name; readonly args: Parameters<ReadQueries[Name]> };
}[keyof ReadQueries];

export type ToProjections =
  | { readonly type: 'query'; readonly id: number; readonly call: QueryCall }
  /** The log goes to this position now. */
  | { readonly type: 'head'; readonly position: number }
  /** The log was opened again by its writer, after a fault. */
  | { readonly type: 'reopen' }
  | { readonly type: 'stop' };

/** Errors lose their class between threads, so it is told by a word. */
export type QueryFault = 'behind' | 'cursor' | 'other';

export type FromProjections =
  | { readonly type: 'ready'; readonly position: number }
  | { readonly type: 'position'; readonly position: number }
  | { readonly type: 'result'; readonly id: number; readonly value: unknown }
  | { readonly type: 'error'; readonly id: number; readonly fault: QueryFault; readonly message: string }
  | { readonly type: 'rebuild'; readonly reason: string }
  | { readonly type: 'failure'; readonly error: Error };

export interface ProjectionThreadSettings {
  readonly logFile: string;
  readonly storeFolder: string;
  /** How long a read waits for the position that it needs. */
  readonly waitMs: number;
}
