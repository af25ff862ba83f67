/**
 * A ledger in several processes under load while one thing after the other breaks, some at once. What
 * stands afterwards is held against what the clients were told: nothing acknowledged is lost or
 * different, nothing happened twice, money is conserved.
 */
import { runVerifyCluster } from '#src/verify-cluster.ts';
import { ClusterProcesses } from '#test/support/cluster/cluster-processes.ts';
import { FAULTS, type Fault, type FaultTargets } from '#test/support/cluster/faults.ts';
import { PersistentLoad } from '#test/support/cluster/persistent-load.ts';
import { TcpProxy } from '#test/support/cluster/tcp-proxy.ts';
import type { JsonAnswer } from '#test/support/crash/json-client.ts';
import { expectedAccounts, type SentPayment } from '#test/support/crash/payment-ledger.ts';
import { startKafka, type KafkaServer } from '#test/support/kafka/kafka-server.ts';
import { HISTORY_SETTINGS, RedisServer } from '#test/support/redis/redis-server.ts';
import { seededRandom } from '#test/support/seeded-random.ts';

export interface ChaosOptions {
  readonly seed: number;
  /** Ends after so many faults, */
  readonly faults: number;
  /** or once so much time has passed. */
  readonly millisMax: number;
  /** Only faults whose name begins so; all of them if absent. */
  readonly only?: string;
  /** Where the processes write their logs; nowhere if absent. */
  readonly logFolder?: string;
  /** Told before each fault. */
  readonly onFault: (name: string, acknowledged: number) => void;
}

export interface ChaosReport {
  readonly seed: number;
  /** How often each fault was made. */
  readonly faults: Readonly<Record<string, number>>;
  /** Faults that began while another was not mended yet. */
  readonly overlapping: number;
  /** Payments acknowledged while something was broken. */
  readonly acknowledgedInFaults: number;
  readonly acknowledged: number;
  /** Attempts that had to be repeated. */
  readonly repeated: number;
  readonly violations: readonly string[];
}

const PARTITIONS = 2;
const CLIENTS = 12;
const CUSTOMERS = 40;
const MERCHANTS = 7;
/** Share of the payments that are sent although they were sent before. */
const DUPLICATES = 0.1;
const OVERLAPPING = 0.3;
const SETTLED_WITHIN_MS = 60_000;

export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const stage = await openStage(options);
  try {
    return await new ChaosRun(options, stage).run();
  } finally {
    await stage.close();
  }
}

interface Stage extends Omit<FaultTargets, 'random'> {
  close(): Promise<void>;
}

async function openStage({ seed, logFolder }: ChaosOptions): Promise<Stage> {
  const brokerProxy = await TcpProxy.open();
  const settings = { 'advertised.listeners': `PLAINTEXT://${brokerProxy.address}` };
  const kafka: KafkaServer = await startKafka({ settings });
  const [broker] = kafka.nodes;
  if (!broker) throw new Error('there is a broker');
  brokerProxy.leadTo(broker.address);
  const redis = await RedisServer.start({ settings: HISTORY_SETTINGS });
  const more = { redis: { nodes: [redis.address] } };
  const processes = await ClusterProcesses.open({
    brokers: [brokerProxy.address],
    prefix: `chaos-${seed}`,
    partitions: PARTITIONS,
    more,
    ...(logFolder === undefined ? {} : { logFolder }),
  });
  await Promise.all([processes.start('worker-1', 'worker'), processes.start('worker-2', 'worker')]);
  await Promise.all([processes.start('api-1', 'api'), processes.start('api-2', 'api')]);
  return {
    processes,
    broker,
    brokerProxy,
    redis,
    async close() {
      await processes.close();
      await brokerProxy.close();
      await kafka.stop();
      await redis.stop();
    },
  };
}

class ChaosRun {
  readonly #options: ChaosOptions;
  readonly #stage: Stage;
  readonly #random: () => number;
  readonly #load: PersistentLoad;
  readonly #counts = new Map<string, number>();
  readonly #sent: SentPayment[] = [];
  readonly #underWay = new Map<Fault['touches'], Promise<void>>();
  readonly #violations: string[] = [];
  #overlapping = 0;
  #acknowledgedInFaults = 0;

  constructor(options: ChaosOptions, stage: Stage) {
    this.#options = options;
    this.#stage = stage;
    this.#random = seededRandom(options.seed);
    this.#load = new PersistentLoad({
      urls: () => stage.processes.urls(),
      clients: CLIENTS,
      nextPayment: () => this.#nextPayment(),
    });
  }

  async run(): Promise<ChaosReport> {
    this.#load.start();
    const deadline = performance.now() + this.#options.millisMax;
    const { only = '' } = this.#options;
    const possible = FAULTS.filter(({ name }) => name.startsWith(only));
    for (let count = 0; count < this.#options.faults && performance.now() < deadline; count++) {
      const fault = possible[Math.floor(this.#random() * possible.length)];
      if (fault) await this.#break(fault);
    }
    await Promise.all(this.#underWay.values());
    await this.#load.end();
    await this.#check();
    return this.#report();
  }

  /** Waits until it is mended and the load goes on, or now and then only until it is broken. */
  async #break(fault: Fault): Promise<void> {
    await this.#underWay.get(fault.touches);
    if (this.#underWay.size > 0) this.#overlapping += 1;
    this.#options.onFault(fault.name, this.#load.acknowledged.size);
    this.#counts.set(fault.name, (this.#counts.get(fault.name) ?? 0) + 1);
    const before = this.#load.acknowledged.size;
    const mended = fault
      .run({ ...this.#stage, random: this.#random })
      .catch((error: unknown) => void this.#violations.push(`${fault.name}: ${String(error)}`))
      .then(() => {
        this.#underWay.delete(fault.touches);
        this.#acknowledgedInFaults += this.#load.acknowledged.size - before;
      });
    this.#underWay.set(fault.touches, mended);
    if (this.#random() < OVERLAPPING) return;
    await mended;
    await this.#load.goesOn();
  }

  async #check(): Promise<void> {
    await this.#load.settle();
    for (const [account, expected] of expectedAccounts(this.#load.acknowledged.values())) {
      const path = `/v1/accounts/${encodeURIComponent(account)}`;
      const found = await this.#settled(path, expected.posted);
      if (found !== expected.posted)
        this.#violations.push(`${account}: posted ${String(found)}, payments say ${expected.posted}`);
    }
    const dataFolder = this.#stage.processes.folderOf('api-1');
    const { problems } = await runVerifyCluster({ dataFolder });
    this.#violations.push(...problems.map(({ detail }) => `verify: ${detail}`));
  }

  /** Money between shards may still be on its way. */
  async #settled(path: string, expected: number): Promise<JsonAnswer['body'][string]> {
    const deadline = performance.now() + SETTLED_WITHIN_MS;
    for (;;) {
      const { body } = await this.#load.ask('GET', path);
      if (body['posted'] === expected || performance.now() > deadline) return body['posted'];
    }
  }

  #report(): ChaosReport {
    return {
      seed: this.#options.seed,
      faults: Object.fromEntries(this.#counts),
      overlapping: this.#overlapping,
      acknowledgedInFaults: this.#acknowledgedInFaults,
      acknowledged: this.#load.acknowledged.size,
      repeated: this.#load.repeated,
      violations: [...this.#violations, ...this.#load.violations],
    };
  }

  #nextPayment(): SentPayment {
    const before = this.#sent[Math.floor(this.#random() * this.#sent.length)];
    if (before && this.#random() < DUPLICATES) return before;
    const customer = Math.floor(this.#random() * CUSTOMERS);
    const payment: SentPayment = {
      id: `chaos_${this.#options.seed}_${this.#sent.length}`,
      occurredAt: new Date().toISOString(),
      amount: 1 + Math.floor(this.#random() * 20_000),
      asset: 'EUR',
      debtor: `customer:${customer}`,
      creditor: `merchant:${Math.floor(this.#random() * MERCHANTS)}`,
      card: { id: `card_${customer}` },
      ip: `198.51.100.${customer}`,
    };
    this.#sent.push(payment);
    return payment;
  }
}
