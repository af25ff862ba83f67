/** What `fail-io.c` is told to do, through the file that it reads at every call. */
import { rmSync, writeFileSync } from 'node:fs';

export interface FaultPlan {
  readonly operation: 'sync' | 'write' | 'truncate';
  /** The end of the name of the files that are concerned. */
  readonly file: string;
  readonly error: 'EIO' | 'ENOSPC';
  /** `nothing`: no effect; `done`: it takes effect although it fails; `half`: a short write, then failures. */
  readonly mode: 'nothing' | 'done' | 'half';
  /** So many calls pass first. */
  readonly after: number;
  /** So many fail then, -1 for all. */
  readonly count: number;
}

const ERRNO = { EIO: 5, ENOSPC: 28 } as const;

export interface FaultControl {
  arm(plan: FaultPlan): void;
  disarm(): void;
}

export function createFaultControl(path: string): FaultControl {
  let generation = 0;
  return {
    arm(plan) {
      generation += 1;
      const words = [
        generation,
        plan.operation,
        plan.file,
        ERRNO[plan.error],
        plan.mode,
        plan.after,
        plan.count,
      ];
      writeFileSync(path, `${words.join(' ')}\n`);
    },
    disarm() {
      rmSync(path, { force: true });
    },
  };
}

export function describePlan({ operation, file, error, mode, after, count }: FaultPlan): string {
  return `${operation} of ${file}: ${error} ${mode} after ${after}, ${count === -1 ? 'for good' : `${count} times`}`;
}
