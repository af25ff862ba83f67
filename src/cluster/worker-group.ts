/** The group whose members own the shards of a ledger. */
export function workerGroup(prefix: string): string {
  return `${prefix}.workers`;
}
