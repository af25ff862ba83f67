/**
 * `POST /v1/erasures`: what the log knows of one person's card, device, address or account goes out of
 * it (P1). The same again finds what has come since, or what was left when an answer got lost.
 */
import { bodyReader, type ReadResult } from '#src/ingest/body-reader.ts';
import { erasureSchema } from '#src/ingest/bodies/erasure-body.ts';
import type { ErasedPart } from '#src/domain/events.ts';
import type { LedgerQueries } from '#src/ports/ledger-queries.ts';
import { subjectOf, type Subject } from '#src/ports/subject.ts';
import type { CommandCall } from './command-call.ts';
import { problemReply, valueReply } from './http-reply.ts';
import type { HttpReply } from './http-reply.ts';
import { invalid } from './problem.ts';
import type { Problem } from './problem.ts';
import { readOptions } from './read-call.ts';
import { bodyHeaderProblem, collectBody, isProblem, parseBody } from './read-body.ts';
import type { Call, Route } from './route.ts';

/** Parts in one command: erasing them holds up the ledger for some milliseconds. */
const PARTS_AT_ONCE = 256;

interface Erasure {
  readonly subject: Subject;
  readonly reason: string;
}

export function erasureRoutes(
  { subject: find }: Pick<LedgerQueries, 'subject'>,
  commands: CommandCall,
): readonly Route[] {
  if (!find) return [];

  async function erase(call: Call, { subject, reason }: Erasure): Promise<HttpReply> {
    const found = await find?.(subject, readOptions(call));
    const parts = found?.parts ?? [];
    for (const some of slices(parts)) {
      const outcome = await commands.submit({ type: 'RecordErasure', reason, parts: some }, call.principal);
      if (!outcome.ok) return problemReply(outcome.problem);
    }
    return valueReply(200, { parts: parts.length, standing: found?.standing ?? [] });
  }

  return [
    {
      method: 'POST',
      path: '/v1/erasures',
      summary: 'Erases the personal data of one card, device, address or account',
      scopes: ['admin'],
      body: { schema: erasureSchema, contentType: 'application/json' },
      answers: { 200: 'How many personal parts are gone, and the list entries that still name the subject' },
      async handle(call) {
        const read = await readErasure(call);
        return 'type' in read ? problemReply(read) : erase(call, read);
      },
    },
  ];
}

const body = bodyReader(erasureSchema);

async function readErasure({ request }: Call): Promise<Erasure | Problem> {
  const problem = bodyHeaderProblem(request);
  if (problem !== undefined) return problem;
  const bytes = await new Promise<Buffer | Problem>((resolve) => collectBody(request, resolve));
  if (isProblem(bytes)) return bytes;
  const parsed = parseBody(bytes);
  if (!parsed.ok) return parsed.problem;
  const result = withSubject(parsed.body);
  return result.ok ? result.content : invalid(result.problems);
}

function withSubject(sent: unknown): ReadResult<Erasure> {
  const result = body.read(sent);
  if (!result.ok) return result;
  const { kind, id, reason } = result.content;
  const subject = subjectOf(kind, id);
  if (subject) return { ok: true, content: { subject, reason } };
  return { ok: false, problems: [{ path: 'id', message: 'must be an IPv4 or IPv6 address' }] };
}

function slices(parts: readonly ErasedPart[]): readonly (readonly ErasedPart[])[] {
  const count = Math.ceil(parts.length / PARTS_AT_ONCE);
  return Array.from({ length: count }, (_, at) => parts.slice(at * PARTS_AT_ONCE, (at + 1) * PARTS_AT_ONCE));
}
