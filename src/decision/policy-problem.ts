/** What is wrong with a policy file, and where. */
export interface PolicyProblem {
  /** Keys and indexes from the top, joined by dots: `limits.2.window`. */
  readonly path: string;
  readonly message: string;
}
