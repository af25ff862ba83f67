/**
 * Payments by the time at which something is due for them, soonest first. An entry says only that a
 * look is worth while: the payment itself knows whether the time still stands.
 */
export interface Deadline {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly paymentId: string;
}

export class DeadlineQueue {
  /** A binary heap: the children of `i` stand at `2i + 1` and `2i + 2`. */
  readonly #heap: Deadline[] = [];

  get size(): number {
    return this.#heap.length;
  }

  get nextAt(): number | undefined {
    return this.#heap[0]?.at;
  }

  add(deadline: Deadline): void {
    const heap = this.#heap;
    let at = heap.push(deadline) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (isSooner(this.#get(parent), deadline)) break;
      heap[at] = this.#get(parent);
      at = parent;
    }
    heap[at] = deadline;
  }

  /** Takes out at most `count` that are due at `now`, soonest first. */
  takeDue(now: number, count: number): Deadline[] {
    const due: Deadline[] = [];
    while (due.length < count && this.nextAt !== undefined && this.nextAt <= now) due.push(this.#takeFirst());
    return due;
  }

  #takeFirst(): Deadline {
    const first = this.#get(0);
    const last = this.#heap.pop();
    if (last && this.#heap.length > 0) this.#sink(last);
    return first;
  }

  #sink(deadline: Deadline): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isSooner(this.#get(child + 1), this.#get(child))) child++;
      if (isSooner(deadline, this.#get(child))) break;
      heap[at] = this.#get(child);
      at = child;
    }
    heap[at] = deadline;
  }

  #get(index: number): Deadline {
    const deadline = this.#heap[index];
    if (!deadline) throw new RangeError(`the queue has no entry ${index}`);
    return deadline;
  }
}

/** Equal times go by id, so that the order does not depend on how the queue was filled. */
function isSooner(a: Deadline, b: Deadline): boolean {
  return a.at < b.at || (a.at === b.at && a.paymentId <= b.paymentId);
}
