/**
 * Owns what happens next: a binary heap of actions by time. Equal times come out in an order that
 * depends only on the order in which they went in, so a run can be repeated.
 */

export type Action = (now: number) => void;

export class Schedule {
  private readonly times: number[] = [];
  private readonly actions: Action[] = [];

  private clock = Number.NEGATIVE_INFINITY;

  /** The time of the action that ran last. */
  now(): number {
    return this.clock;
  }

  /** The time of the next action, or infinity when there is none. */
  nextTime(): number {
    return this.times[0] ?? Number.POSITIVE_INFINITY;
  }

  /** Sets an alarm; one that is set for the past goes off now. */
  push(wanted: number, action: Action): void {
    const time = Math.max(wanted, this.clock);
    let hole = this.times.length;
    this.times.push(time);
    this.actions.push(action);
    while (hole > 0) {
      const parent = (hole - 1) >>> 1;
      if (this.timeAt(parent) <= time) break;
      this.move(parent, hole);
      hole = parent;
    }
    this.times[hole] = time;
    this.actions[hole] = action;
  }

  /** Takes the next action and runs it at its time. */
  runNext(): boolean {
    const time = this.times[0];
    const action = this.actions[0];
    if (time === undefined || action === undefined) return false;
    this.removeFirst();
    this.clock = time;
    action(time);
    return true;
  }

  private removeFirst(): void {
    const lastTime = this.times.pop();
    const lastAction = this.actions.pop();
    const size = this.times.length;
    if (size === 0 || lastTime === undefined || lastAction === undefined) return;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= size) break;
      if (child + 1 < size && this.timeAt(child + 1) < this.timeAt(child)) child += 1;
      if (this.timeAt(child) >= lastTime) break;
      this.move(child, hole);
      hole = child;
    }
    this.times[hole] = lastTime;
    this.actions[hole] = lastAction;
  }

  private move(from: number, to: number): void {
    this.times[to] = this.timeAt(from);
    const action = this.actions[from];
    if (action !== undefined) this.actions[to] = action;
  }

  private timeAt(index: number): number {
    return this.times[index] ?? Number.POSITIVE_INFINITY;
  }
}
