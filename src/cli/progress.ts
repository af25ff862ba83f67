/** One line that says how far a long command is; nothing where no person is looking. */

export interface Progress {
  /** `share` from 0 to 1; `count` of what was done, where that says more. */
  readonly show: (what: string, share: number, count?: number) => void;
  /** Clears the line. */
  readonly end: () => void;
}

const BAR_CELLS = 24;
const REDRAW_MS = 100;
/** Work that is over sooner shows nothing. */
const FIRST_AFTER_MS = 2_000;

export function createProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  const started = performance.now();
  let drawn = 0;
  return {
    show(what, share, count) {
      const now = performance.now();
      if (!stream.isTTY || now - started < FIRST_AFTER_MS || now - drawn < REDRAW_MS) return;
      drawn = now;
      stream.write(`\r\u001B[K${progressLine({ what, share, count, elapsedMs: now - started })}`);
    },
    end: () => {
      if (drawn > 0) stream.write('\r\u001B[K');
    },
  };
}

interface ProgressState {
  readonly what: string;
  readonly share: number;
  readonly count: number | undefined;
  readonly elapsedMs: number;
}

export function progressLine({ what, share, count, elapsedMs }: ProgressState): string {
  const known = Math.min(1, Math.max(0, share));
  const rate = count === undefined ? '' : `  ${Math.round((count / elapsedMs) * 1_000)}/s`;
  const left = known > 0 ? `  ${Math.ceil(((elapsedMs / known) * (1 - known)) / 1_000)} s left` : '';
  return `${what}  ${bar(known, BAR_CELLS)} ${Math.round(known * 100)} %${rate}${left}`;
}

/** `share` from 0 to 1, drawn over so many cells. */
export function bar(share: number, cells: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * cells);
  return '█'.repeat(filled) + '░'.repeat(cells - filled);
}
