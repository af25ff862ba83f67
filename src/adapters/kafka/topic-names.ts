/** The topics of a ledger (docs/decisions/0016). Partition `i` of each but `ledger` and `replies` is shard `i`'s. */
export interface TopicNames {
  /** One record: which ledger it is, and in how many shards. */
  readonly ledger: string;
  readonly commands: string;
  readonly messages: string;
  readonly events: string;
  readonly personal: string;
  readonly decisions: string;
  /** Partitions are shared by the processes that wait, by chance. */
  readonly replies: string;
}

export function topicNames(prefix: string): TopicNames {
  return {
    ledger: `${prefix}.ledger`,
    commands: `${prefix}.commands`,
    messages: `${prefix}.messages`,
    events: `${prefix}.events`,
    personal: `${prefix}.personal`,
    decisions: `${prefix}.decisions`,
    replies: `${prefix}.replies`,
  };
}
