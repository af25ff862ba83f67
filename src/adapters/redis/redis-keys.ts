/** The names of everything that Vouch keeps in Redis. No name has braces, so logs spread over a cluster. */

export interface RedisKeys {
  /** String: the records of one entity, behind each other. */
  log(name: string): string;
  /** String with a day to live: the shard that a payment's id belongs to. */
  claim(paymentId: string): string;
  /** Hash: how far each shard has told what its log says. */
  readonly marks: string;
  /** String: the epoch in force. */
  readonly epoch: string;
  /** String: the epoch of one set of running servers, known by their run ids. */
  servers(digest: string): string;
  /** What every name begins with, as a pattern. */
  readonly all: string;
  /** The same for logs alone. */
  readonly logs: string;
}

export function redisKeys(prefix: string): RedisKeys {
  return {
    log: (name) => `${prefix}:h:${name}`,
    claim: (paymentId) => `${prefix}:id:${paymentId}`,
    marks: `${prefix}:shards`,
    epoch: `${prefix}:epoch`,
    servers: (digest) => `${prefix}:servers:${digest}`,
    all: `${prefix}:*`,
    logs: `${prefix}:h:*`,
  };
}
