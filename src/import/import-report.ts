/** What became of the lines of an import. */

/** `repeated`: it was there before with the same content. */
export type LineOutcome = 'done' | 'repeated' | 'refused';

export interface LineProblem {
  readonly line: number;
  readonly detail: string;
}

/** Further problems are counted and not listed. */
const PROBLEMS_LISTED = 100;

export class ImportReport {
  lines = 0;
  done = 0;
  repeated = 0;
  refused = 0;
  readonly problems: LineProblem[] = [];
  /** Payments by the status that they were answered with. */
  readonly payments: Record<string, number> = {};

  count(outcome: LineOutcome): void {
    this.lines++;
    this[outcome]++;
  }

  countPayment(status: string): void {
    this.payments[status] = (this.payments[status] ?? 0) + 1;
  }

  refuse(line: number, detail: string): void {
    this.count('refused');
    if (this.problems.length < PROBLEMS_LISTED) this.problems.push({ line, detail });
  }
}
