/** The topics of a ledger (docs/decisions/0016). Partition `i` of each but `replies` is shard `i`'s. */
export interface TopicNames {
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
    commands: `${prefix}.commands`,
    messages: `${prefix}.messages`,
    events: `${prefix}.events`,
    personal: `${prefix}.personal`,
    decisions: `${prefix}.decisions`,
    replies: `${prefix}.replies`,
  };
}
