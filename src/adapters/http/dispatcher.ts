/** Takes a request to its route: is there one, who asks, may they, is the query right; and answers what goes wrong. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Authenticate } from './authentication.ts';
import { failureProblem } from './failure-problem.ts';
import type { HttpDeps } from './http-deps.ts';
import { problemReply, sendReply } from './http-reply.ts';
import type { HttpReply } from './http-reply.ts';
import { invalid } from './problem.ts';
import type { Problem } from './problem.ts';
import { readQuery } from './query.ts';
import type { Route } from './route.ts';
import type { Router } from './router.ts';

export type Dispatch = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export function dispatcher(deps: HttpDeps, router: Router, authenticate: Authenticate): Dispatch {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<Answered> {
    const url = request.url ?? '/';
    const mark = url.indexOf('?');
    const routing = router.find(request.method ?? 'GET', mark === -1 ? url : url.slice(0, mark));
    if (routing === undefined) return refused({ type: 'not-found', detail: 'there is nothing at this path' });
    if ('allow' in routing) {
      const detail = `this path knows ${routing.allow.join(' and ')}`;
      return refused({ type: 'method-not-allowed', detail, allow: routing.allow });
    }
    const { route, params } = routing;
    const authenticated = authenticate(request, route);
    if (!authenticated.ok) return refused(authenticated.problem, route);
    const read = readQuery(new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1)), route.query);
    if (!read.ok) return refused(invalid(read.problems), route);
    const { principal } = authenticated;
    return { route, reply: await route.handle({ request, response, params, query: read.query, principal }) };
  }

  return async function dispatch(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let answered: Answered;
    try {
      answered = await answer(request, response);
    } catch (error) {
      answered = refused(failureProblem(error, deps.log));
      if (response.headersSent) response.destroy();
    }
    const { route, reply } = answered;
    deps.metrics.answered(route?.path ?? 'none', reply?.status ?? response.statusCode);
    if (reply !== undefined) sendReply(response, reply);
  };
}

interface Answered {
  readonly route?: Route;
  /** Absent when the handler answers by itself. */
  readonly reply: HttpReply | undefined;
}

function refused(problem: Problem, route?: Route): Answered {
  return { reply: problemReply(problem), ...(route && { route }) };
}
