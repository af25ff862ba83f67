/** Tells a person how far it is and how long it will take, on a terminal only. */

const SECOND_MS = 1000;

export interface Progress {
  /** `done` from 0 to 1; `count` of `unit` so far. */
  tell(done: number, count: number): void;
  end(summary: string): void;
}

function timeLeft(elapsedMs: number, done: number): string {
  if (done <= 0) return '';
  const seconds = Math.round((elapsedMs * (1 - done)) / done / SECOND_MS);
  return seconds < 90 ? `${seconds} s left` : `${Math.round(seconds / 60)} min left`;
}

export function startProgress(what: string, unit: string, now: () => number = Date.now): Progress {
  const started = now();
  let told = started;
  const isTerminal = process.stderr.isTTY;
  return {
    tell: (done, count) => {
      const time = now();
      if (!isTerminal || time - told < SECOND_MS) return;
      told = time;
      const rate = Math.round((count * SECOND_MS) / Math.max(1, time - started));
      process.stderr.write(
        `\r\x1b[K${what} ${(done * 100).toFixed(1)} %  ${rate} ${unit}/s  ${timeLeft(time - started, done)}`,
      );
    },
    end: (summary) => {
      const seconds = ((now() - started) / SECOND_MS).toFixed(1);
      process.stderr.write(`${isTerminal ? '\r\x1b[K' : ''}${what}: ${summary} (${seconds} s)\n`);
    },
  };
}
