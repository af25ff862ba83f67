/** The routes that take many: payments as NDJSON, and labels as one or as NDJSON. */
import type { CommandCall } from './command-call.ts';
import { failureProblem } from './failure-problem.ts';
import type { HttpDeps } from './http-deps.ts';
import { problemReply } from './http-reply.ts';
import { recordedReply } from './knowledge-routes.ts';
import { answerLines, isNdjson, NDJSON } from './line-stream.ts';
import type { TakeLine } from './line-stream.ts';
import type { PaymentIntake } from './payment-intake.ts';
import type { Call, Route } from './route.ts';

export interface BatchParts {
  readonly intake: PaymentIntake;
  readonly commands: CommandCall;
}

export function batchRoutes(deps: HttpDeps, { intake, commands }: BatchParts): readonly Route[] {
  const { readers, log } = deps;

  function takeLabel({ principal }: Call): TakeLine {
    return (bytes, answered) => {
      commands.runBytes(bytes, readers.label, { principal, target: '' }).then(
        (outcome) => answered(recordedReply(outcome)),
        (error: unknown) => answered(problemReply(failureProblem(error, log))),
      );
    };
  }

  return [
    {
      method: 'POST',
      path: '/v1/payments/batch',
      summary: 'Payments as NDJSON; an answer line for each line, in order, streamed',
      scopes: ['payments:write'],
      body: { schema: readers.payment.schema, contentType: NDJSON },
      answers: { 200: 'A payment or a problem for each line' },
      handle: (call) =>
        answerLines(call, (bytes, answered) => intake.take(bytes, call.principal, { answered })),
    },
    {
      method: 'POST',
      path: '/v1/labels',
      summary: 'Says what became of a payment or an entity; also as NDJSON of many',
      scopes: ['payments:write', 'reviews:write', 'models:write'],
      body: { schema: readers.label.schema, contentType: 'application/json' },
      answers: { 200: 'It was recorded before', 201: 'It is recorded' },
      async handle(call) {
        if (isNdjson(call.request.headers['content-type'])) return answerLines(call, takeLabel(call));
        return recordedReply(await commands.run(call, readers.label, ''));
      },
    },
  ];
}
