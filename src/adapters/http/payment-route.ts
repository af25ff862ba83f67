/** `POST /v1/payments`: the one route that is built for speed. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Principal } from '#src/ingest/access/token-table.ts';
import type { ReadPayment } from '#src/ingest/payment-reader.ts';
import type { HttpDeps } from './http-deps.ts';
import { jsonReply, problemReply, sendReply } from './http-reply.ts';
import type { HttpReply } from './http-reply.ts';
import type { PaymentIntake } from './payment-intake.ts';
import { readPrefer } from './prefer.ts';
import type { Preference } from './prefer.ts';
import { bodyHeaderProblem, collectBody, isProblem } from './read-body.ts';

export interface PaymentRequestCall {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly principal: Principal;
}

export type AnswerPayment = (call: PaymentRequestCall) => void;

export function paymentRoute(deps: HttpDeps, intake: PaymentIntake): AnswerPayment {
  const { metrics } = deps;

  return function answerPayment({ request, response, principal }) {
    const startedAt = performance.now();
    const finish = (reply: HttpReply): void => {
      if (response.headersSent) return;
      metrics.paymentAnswered(reply.status, (performance.now() - startedAt) / 1000);
      sendReply(response, reply);
    };
    const problem = bodyHeaderProblem(request);
    if (problem !== undefined) return finish(problemReply(problem));
    const prefer = request.headers['prefer'];
    collectBody(request, (bytes) => {
      if (isProblem(bytes)) finish(problemReply(bytes));
      else if (typeof prefer !== 'string') intake.take(bytes, principal, { answered: finish });
      else takePreferred({ preference: readPrefer(prefer), bytes, principal, finish });
    });
  };

  /** As the client prefers: 202 once it is durable, or an answer within its time. */
  function takePreferred({ preference, bytes, principal, finish }: PreferredPayment): void {
    let timer: NodeJS.Timeout | undefined;
    const answered = (reply: HttpReply): void => {
      clearTimeout(timer);
      finish(preference.respondAsync && reply.status === 201 ? accepted(reply) : reply);
    };
    const taken = (payment: ReadPayment): void => {
      if (preference.waitMs === undefined) return;
      timer = setTimeout(() => finish(lateReply(payment, deps.limits.lateOutcome)), preference.waitMs);
    };
    intake.take(bytes, principal, { answered, taken });
  }
}

interface PreferredPayment {
  readonly preference: Preference;
  readonly bytes: Buffer;
  readonly principal: Principal;
  readonly finish: (reply: HttpReply) => void;
}

function accepted(reply: HttpReply): HttpReply {
  return {
    ...reply,
    status: 202,
    headers: [...(reply.headers ?? []), 'preference-applied', 'respond-async'],
  };
}

/**
 * The decision has not come in the time that the client gave. It will come, and is read at the payment;
 * until then the policy's word for late decisions counts.
 */
function lateReply({ canonical, command }: ReadPayment, outcome: string): HttpReply {
  const standing = `"status":"pending","awaiting":{"for":"decision","until":null},"late":{"outcome":"${outcome}"}`;
  const location = `/v1/payments/${encodeURIComponent(command.facts.id)}`;
  const headers = ['location', location, 'preference-applied', 'wait'];
  return jsonReply(202, `${canonical.slice(0, -1)},${standing}}`, headers);
}
