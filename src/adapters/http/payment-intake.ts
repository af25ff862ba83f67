/**
 * Takes one payment in, from the bytes of its body to the answer, for single requests and for lines of
 * a batch alike. The hot path of the server: callbacks, and nothing that need not be there.
 */
import type { DoneAnswer, PaymentAnswer, RefusedAnswer } from '#src/domain/answer.ts';
import { differingPaths } from '#src/ingest/differing-paths.ts';
import type { Principal } from '#src/ingest/access/token-table.ts';
import type { ReadPayment } from '#src/ingest/payment-reader.ts';
import type { GatewayReply, Unavailability } from '#src/ports/command-gateway.ts';
import type { PaymentView } from '#src/ports/ledger-views.ts';
import { seenAt, type LogPlace } from '#src/ports/log-place.ts';
import type { FlowGate } from './flow-gate.ts';
import type { HttpDeps } from './http-deps.ts';
import { jsonReply, problemReply } from './http-reply.ts';
import type { HttpReply } from './http-reply.ts';
import { answeredPaymentJson, paymentViewJson } from './payment-json.ts';
import { noteWritten, placeHeader } from './place-header.ts';
import { invalid } from './problem.ts';
import type { Problem } from './problem.ts';
import { failureProblem } from './failure-problem.ts';
import { parseBody } from './read-body.ts';
import { refusalProblem, unavailableProblem } from './refusal-problem.ts';

export interface Reception {
  /** Called exactly once. */
  readonly answered: (reply: HttpReply) => void;
  /** Called before that, once the payment is valid and on its way. */
  readonly taken?: (payment: ReadPayment) => void;
}

export class PaymentIntake {
  readonly #deps: HttpDeps;
  readonly #gate: FlowGate;

  constructor(deps: HttpDeps, gate: FlowGate) {
    this.#deps = deps;
    this.#gate = gate;
  }

  take(bytes: Buffer, principal: Principal, { answered, taken }: Reception): void {
    const closedBy = this.#gate.closedBy;
    if (closedBy !== undefined) return answered(this.#turnAway(closedBy));
    const parsed = parseBody(bytes);
    if (!parsed.ok) return answered(problemReply(parsed.problem));
    const result = this.#deps.readers.payment.read(parsed.body);
    if (!result.ok) return answered(problemReply(invalid(result.problems)));
    this.#gate.enter(bytes.length);
    const payment = result.content;
    const { command } = payment;
    taken?.(payment);
    this.#deps.gateway.submit({ command, actor: principal.actor, receivedAt: this.#deps.now() }, (reply) => {
      this.#gate.leave(bytes.length);
      this.#settle({ payment, principal, answered }, reply);
    });
  }

  #turnAway(closedBy: Unavailability): HttpReply {
    this.#deps.metrics.turnedAway();
    return problemReply(unavailableProblem(closedBy));
  }

  #settle(waiting: Waiting, reply: GatewayReply): void {
    const { payment, principal, answered } = waiting;
    if (reply.type === 'unavailable') return answered(problemReply(unavailableProblem(reply.cause)));
    const { answer, place } = reply;
    noteWritten(principal, place);
    if (answer.type === 'PaymentAnswer') return answered(freshReply(payment, answer, place));
    this.#answerRepeated(waiting, answer, place).then(answered, (error: unknown) => {
      answered(problemReply(failureProblem(error, this.#deps.log)));
    });
  }

  /** The id was there before: the payment as it now stands, or what the two bodies differ in. */
  async #answerRepeated(
    { payment }: Waiting,
    answer: DoneAnswer | RefusedAnswer,
    place: LogPlace,
  ): Promise<HttpReply> {
    const taken = answer.type === 'DoneAnswer' || answer.refusal === 'id_taken';
    if (!taken) return problemReply(refusalProblem(answer));
    const view = await this.#deps.queries.payment(payment.command.facts.id, { seen: seenAt(place) });
    if (view === undefined) throw new Error('a payment that the shard knows is not in the projection');
    if (answer.type === 'RefusedAnswer') return problemReply(this.#conflict(payment, view));
    const stored = this.#storedJson(view);
    const headers = ['idempotent-replayed', 'true', ...placeHeader(place)];
    return jsonReply(200, paymentViewJson(stored, view, view.decisions[0]), headers);
  }

  #conflict(payment: ReadPayment, view: PaymentView): Problem {
    const { facts } = payment.command;
    const sent: object = { capture: facts.capture, ...parsedObject(payment.canonical) };
    const paths = differingPaths(parsedObject(this.#storedJson(view)), sent);
    const detail =
      paths.length === 0
        ? 'a payment with this id exists with another content, part of which was erased'
        : `a payment with this id exists and differs in ${paths.join(', ')}`;
    const errors = paths.map((path) => ({ path, message: 'differs from the payment that has this id' }));
    return { type: 'id-taken', detail, errors, code: 'id_taken' };
  }

  #storedJson({ facts, personal = {} }: PaymentView): string {
    return this.#deps.readers.payment.writeStored({ facts, personal });
  }
}

interface Waiting {
  readonly payment: ReadPayment;
  readonly principal: Principal;
  readonly answered: Reception['answered'];
}

function freshReply({ canonical, command }: ReadPayment, answer: PaymentAnswer, place: LogPlace): HttpReply {
  const text = answeredPaymentJson(canonical, command.facts.capture, answer);
  return jsonReply(201, text, placeHeader(place));
}

function parsedObject(json: string): object {
  const value: unknown = JSON.parse(json);
  return typeof value === 'object' && value !== null ? value : {};
}
