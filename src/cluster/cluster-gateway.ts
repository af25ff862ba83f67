/**
 * The way in for what is asked of a ledger in several shards: sends each command to the shard that it
 * is for, and finds the request that waits when the reply comes.
 *
 * A reply can get lost: commands are idempotent, so one that is not answered in time is sent again.
 * What is not answered by then is given up as "outcome unknown".
 */
import type { CommandEnvelope } from '#src/domain/commands.ts';
import type { CommandGateway, GatewayReply, Readiness } from '#src/ports/command-gateway.ts';
import type { CommandTransport, SentCommand, ShardsReply } from '#src/ports/command-transport.ts';
import { routeOf } from '#src/domain/command-route.ts';
import { PaymentHomes } from './payment-homes.ts';

/** Commands that wait for their answer, at most; further ones are turned away at once. */
const IN_FLIGHT_MAX = 16_384;
/** One that waits so long is sent again: ten commits of a small machine. */
const REPEAT_AFTER_MS = 2_000;
const GIVE_UP_AFTER_MS = 15_000;
/** While the oldest waits longer than this, nothing more is taken in: a queue that only grows helps nobody. */
const OLDEST_MAX_MS = 5_000;
const LOOK_EVERY_MS = 250;

export interface ClusterGatewaySettings {
  readonly shards: number;
  readonly transport: CommandTransport;
  /** Milliseconds that only go forward. */
  readonly clock: () => number;
  /** Why commands cannot be decided now, as far as is known from outside of them. */
  readonly obstacles: () => readonly string[];
}

type OnReply = (reply: GatewayReply) => void;

interface WaitingCommand {
  readonly envelope: CommandEnvelope;
  readonly onReply: OnReply;
  readonly since: number;
  sentAt: number;
  /** The shards that were asked and have not answered. */
  open: readonly number[];
}

export class ClusterGateway implements CommandGateway {
  readonly #settings: ClusterGatewaySettings;
  readonly #waiting = new Map<number, WaitingCommand>();
  readonly #homes = new PaymentHomes();
  #outgoing: SentCommand[] = [];
  #lastNumber = 0;
  #sendFailure: string | undefined;
  #stopping = false;
  readonly #timer: NodeJS.Timeout;

  constructor(settings: ClusterGatewaySettings) {
    this.#settings = settings;
    this.#timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  readonly submit = (envelope: CommandEnvelope, onReply: OnReply): void => {
    const closedBy = this.#closedBy();
    if (closedBy !== undefined) {
      setImmediate(onReply, { type: 'unavailable', cause: closedBy });
      return;
    }
    const now = this.#settings.clock();
    const waiting = { envelope, onReply, since: now, sentAt: now, open: this.#shardsFor(envelope) };
    this.#waiting.set(++this.#lastNumber, waiting);
    this.#post(this.#lastNumber, waiting);
  };

  readonly readiness = (): Readiness => {
    const reasons = [...this.#settings.obstacles()];
    if (this.#sendFailure !== undefined) reasons.push(this.#sendFailure);
    if (this.#oldestMs() > OLDEST_MAX_MS)
      reasons.push(`shard ${this.#oldest()?.open.join(', ')} does not answer`);
    if (this.#stopping) reasons.push('stopping');
    return reasons.length === 0 ? { ready: true } : { ready: false, reasons };
  };

  get inFlight(): number {
    return this.#waiting.size;
  }

  /** What a shard has said, in the order in which it arrives. A second reply to the same is ignored. */
  receive(reply: ShardsReply): void {
    const waiting = this.#waiting.get(reply.number);
    if (!waiting) return;
    if (reply.type === 'unavailable') {
      if (reply.cause === 'overloaded') this.#end(reply.number, { type: 'unavailable', cause: reply.cause });
      // Its shard is on its way back, maybe with another owner: asked again when it is time.
      return;
    }
    waiting.open = waiting.open.filter((shard) => shard !== reply.shard);
    const { answer, shard, position } = reply;
    const isElsewhere = answer.type === 'RefusedAnswer' && answer.refusal === 'payment_unknown';
    if (isElsewhere && waiting.open.length > 0) return;
    if (answer.type !== 'RefusedAnswer') this.#rememberHome(waiting.envelope, shard);
    this.#end(reply.number, { type: 'answered', answer, place: { shard, position } });
  }

  /** Sends again what waits too long, and gives up what has waited longer. Called from time to time. */
  look(): void {
    const now = this.#settings.clock();
    for (const [number, waiting] of this.#waiting) {
      if (now - waiting.since >= GIVE_UP_AFTER_MS) {
        this.#end(number, { type: 'unavailable', cause: 'outcome_unknown' });
      } else if (now - waiting.sentAt >= REPEAT_AFTER_MS) {
        waiting.sentAt = now;
        this.#post(number, waiting);
      }
    }
  }

  /** Takes in nothing more; what waits is still answered or given up. */
  stop(): void {
    this.#stopping = true;
  }

  close(): void {
    clearInterval(this.#timer);
    for (const number of this.#waiting.keys()) this.#end(number, { type: 'unavailable', cause: 'stopping' });
  }

  #closedBy(): 'stopping' | 'overloaded' | undefined {
    if (this.#stopping) return 'stopping';
    const isFull = this.#waiting.size >= IN_FLIGHT_MAX || this.#oldestMs() > OLDEST_MAX_MS;
    return isFull ? 'overloaded' : undefined;
  }

  #shardsFor({ command }: CommandEnvelope): readonly number[] {
    const { shards } = this.#settings;
    const route = routeOf(command, shards);
    if (route.type === 'owner') throw new Error(`${command.type} is not sent to a shard from outside`);
    if (route.type === 'shard') return [route.shard];
    const home = this.#homes.get(route.paymentId);
    return home === undefined ? Array.from({ length: shards }, (_, shard) => shard) : [home];
  }

  #rememberHome({ command }: CommandEnvelope, shard: number): void {
    if (command.type === 'Pay') return this.#homes.set(command.facts.id, shard);
    if ('paymentId' in command && command.paymentId !== undefined) this.#homes.set(command.paymentId, shard);
  }

  /** Commands of one turn of the event loop go together. */
  #post(number: number, { envelope, open }: WaitingCommand): void {
    if (this.#outgoing.length === 0) setImmediate(() => void this.#flush());
    for (const shard of open) this.#outgoing.push({ shard, number, envelope });
  }

  async #flush(): Promise<void> {
    const commands = this.#outgoing;
    this.#outgoing = [];
    try {
      await this.#settings.transport.send(commands);
      this.#sendFailure = undefined;
    } catch (error) {
      // They may have arrived all the same: each is sent again until it is answered or given up.
      this.#sendFailure = `commands cannot be sent: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  #end(number: number, reply: GatewayReply): void {
    const waiting = this.#waiting.get(number);
    this.#waiting.delete(number);
    waiting?.onReply(reply);
  }

  /** Numbers grow, so the first that waits is the oldest. */
  #oldest(): WaitingCommand | undefined {
    return this.#waiting.values().next().value;
  }

  #oldestMs(): number {
    const oldest = this.#oldest();
    return oldest ? this.#settings.clock() - oldest.since : 0;
  }
}
