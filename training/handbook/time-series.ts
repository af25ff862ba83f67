/** The history of one entity in time order: how many records, and the sum of a number over them, up to a time. */
export class TimeSeries {
  readonly #times: number[] = [];
  readonly #sums: number[] = [0];

  add(time: number, value: number): void {
    this.#times.push(time);
    this.#sums.push((this.#sums.at(-1) ?? 0) + value);
  }

  /** Records at or before the time. */
  countUpTo(time: number): number {
    let low = 0;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#times[middle] as number) <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Over the records with a time in (from, to]. */
  within(from: number, to: number): { readonly count: number; readonly sum: number } {
    const low = this.countUpTo(from);
    const high = this.countUpTo(to);
    return { count: high - low, sum: (this.#sums[high] as number) - (this.#sums[low] as number) };
  }
}
