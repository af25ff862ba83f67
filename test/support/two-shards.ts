/** A ledger in two shards with a funded customer in the first and a shop in the second. */
import type { Answer } from '#src/domain/answer.ts';
import type { Command } from '#src/domain/commands.ts';
import type { LedgerEvent } from '#src/domain/events.ts';
import type { PaymentState } from '#src/domain/ledger/payment-state.ts';
import { inTransitAccount } from '#src/domain/ledger/system-accounts.ts';
import type { PaymentFacts } from '#src/domain/payment.ts';
import { shardOfPayment } from '#src/domain/shard-place.ts';
import { ClusterHarness } from '#test/support/cluster-harness.ts';
import { openCommand, payCommand, transferCommand } from '#test/support/flow-harness.ts';

export const HOME = 0;
export const AWAY = 1;

export class TwoShards {
  readonly cluster: ClusterHarness;
  readonly customer: string;
  readonly shop: string;

  private constructor(cluster: ClusterHarness) {
    this.cluster = cluster;
    this.customer = cluster.accountIn(HOME, 'customer');
    this.shop = cluster.accountIn(AWAY, 'shop');
  }

  /** The customer has the amount, the shop nothing, and neither may overdraw. */
  static async funded(amountMinor: number): Promise<TwoShards> {
    const shards = new TwoShards(new ClusterHarness(2));
    const { cluster, customer, shop } = shards;
    const bank = cluster.accountIn(HOME, 'bank');
    await cluster.run(HOME, openCommand(bank, 'allowed'), openCommand(customer, 'forbidden'));
    await cluster.run(AWAY, openCommand(shop, 'forbidden'));
    await cluster.run(
      HOME,
      transferCommand('funding', { debtor: bank, creditor: customer, amount: amountMinor }),
    );
    return shards;
  }

  /** An id whose directory entry is the home's own, so that messages are about money alone. */
  id(name: string): string {
    for (let number = 0; ; number++) {
      const id = `${name}.${number}`;
      if (shardOfPayment(id, 2) === HOME) return id;
    }
  }

  async pay(facts: Partial<PaymentFacts> & { readonly id: string }): Promise<Answer | undefined> {
    const command = payCommand({ debtor: this.customer, creditor: this.shop, ...facts });
    const [answer] = await this.cluster.run(HOME, command);
    return answer;
  }

  async home(command: Command): Promise<Answer | undefined> {
    const [answer] = await this.cluster.run(HOME, command);
    return answer;
  }

  async away(command: Command): Promise<Answer | undefined> {
    const [answer] = await this.cluster.run(AWAY, command);
    return answer;
  }

  /** The next message from home, and then what it is answered. */
  there(): Promise<boolean> {
    return this.cluster.deliver({ source: HOME, target: AWAY });
  }

  back(): Promise<boolean> {
    return this.cluster.deliver({ source: AWAY, target: HOME });
  }

  payment(id: string): Readonly<PaymentState> {
    const payment = this.cluster.shard(HOME).payments.get(id);
    if (!payment) throw new Error(`there is no payment ${id}`);
    return payment;
  }

  posted(index: number, account: string): bigint {
    return this.cluster.shard(index).accounts.get(account)?.posted ?? 0n;
  }

  /** What both shards say of the money between them. */
  inTransit(): readonly [bigint, bigint] {
    const id = inTransitAccount({ from: HOME, to: AWAY, asset: 'EUR' });
    return [this.posted(HOME, id), this.posted(AWAY, id)];
  }

  /** The events of the shard's last record. */
  lastEvents(index: number): readonly LedgerEvent[] {
    return this.cluster.recordsOf(index).at(-1)?.events ?? [];
  }
}
