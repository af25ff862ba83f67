/** What load balancers, monitoring and newcomers ask: alive, ready, metrics, the documents. */
import type { HttpDeps } from './http-deps.ts';
import { problemReply, valueReply } from './http-reply.ts';
import { openApiDocument } from './open-api.ts';
import { isProblemType, PROBLEM_KINDS } from './problem.ts';
import type { FlowGate } from './flow-gate.ts';
import { notFound } from './read-call.ts';
import type { Route } from './route.ts';

export const PROMETHEUS_TEXT = 'text/plain; version=0.0.4; charset=utf-8';

export interface OperationParts {
  readonly gate: FlowGate;
  /** Every route of the server, for the document. */
  readonly allRoutes: () => readonly Route[];
}

export function operationRoutes(deps: HttpDeps, { gate, allRoutes }: OperationParts): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/healthz',
      summary: 'Alive',
      scopes: [],
      open: 'everywhere',
      answers: { 200: 'It is alive' },
      handle: () => Promise.resolve(valueReply(200, { status: 'ok' })),
    },
    readyRoute(deps, gate),
    {
      method: 'GET',
      path: '/metrics',
      summary: 'Metrics for Prometheus; needs the scope admin unless asked from this machine',
      scopes: ['admin'],
      open: 'on loopback',
      answers: { 200: 'The metrics' },
      handle: async () => ({ status: 200, contentType: PROMETHEUS_TEXT, text: await deps.exposition() }),
    },
    documentRoute(allRoutes),
    {
      method: 'GET',
      path: '/problems/{type}',
      summary: 'What a type of problem means',
      scopes: [],
      open: 'everywhere',
      answers: { 200: 'Its status and title' },
      async handle({ params }) {
        const type = params['type'] ?? '';
        if (!isProblemType(type)) return problemReply(notFound('type of problem'));
        return Promise.resolve(valueReply(200, { type: `/problems/${type}`, ...PROBLEM_KINDS[type] }));
      },
    },
  ];
}

function readyRoute({ gateway }: HttpDeps, gate: FlowGate): Route {
  return {
    method: 'GET',
    path: '/readyz',
    summary: 'Whether it can decide now, and why not',
    scopes: [],
    open: 'everywhere',
    answers: { 200: 'It can', 503: 'It cannot, and why' },
    handle() {
      const readiness = gateway.readiness();
      const reasons = readiness.ready ? [] : readiness.reasons;
      const all = gate.closedBy === undefined ? reasons : [...reasons, gate.closedBy];
      return Promise.resolve(
        valueReply(all.length === 0 ? 200 : 503, {
          ready: all.length === 0,
          reasons: all,
          ...(readiness.ready && readiness.warnings !== undefined ? { warnings: readiness.warnings } : {}),
        }),
      );
    },
  };
}

function documentRoute(allRoutes: () => readonly Route[]): Route {
  let text: string | undefined;
  return {
    method: 'GET',
    path: '/openapi.json',
    summary: 'This document',
    scopes: [],
    open: 'everywhere',
    answers: { 200: 'OpenAPI 3.1' },
    handle() {
      text ??= JSON.stringify(openApiDocument(allRoutes()));
      return Promise.resolve({ status: 200, contentType: 'application/json', text });
    },
  };
}
