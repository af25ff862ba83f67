/** Takes a command from its body to the shard's answer, for every route but the payment's own. */
import type { Answer } from '#src/domain/answer.ts';
import type { Command } from '#src/domain/commands.ts';
import type { CommandReader } from '#src/ingest/command-reader.ts';
import type { Principal } from '#src/ingest/access/token-table.ts';
import type { GatewayReply } from '#src/ports/command-gateway.ts';
import type { LogPlace } from '#src/ports/log-place.ts';
import { noteWritten } from './place-header.ts';
import type { FlowGate } from './flow-gate.ts';
import type { HttpDeps } from './http-deps.ts';
import { invalid } from './problem.ts';
import type { Problem } from './problem.ts';
import { bodyHeaderProblem, collectBody, isProblem, parseBody } from './read-body.ts';
import { refusalProblem, unavailableProblem } from './refusal-problem.ts';
import type { Call } from './route.ts';

/** Done, with the place in the log from which reads show it; or the problem that kept it from being done. */
export type CommandOutcome =
  | {
      readonly ok: true;
      readonly command: Command;
      readonly answer: DoneOrStanding;
      readonly place: LogPlace;
    }
  | { readonly ok: false; readonly problem: Problem };

type DoneOrStanding = Exclude<Answer, { type: 'RefusedAnswer' }>;

export interface CommandCall {
  /** Reads the body of a request and does what it says. */
  readonly run: (call: Call, reader: CommandReader, target: string) => Promise<CommandOutcome>;
  /** The same for a body that was read already. */
  readonly runBytes: (bytes: Buffer, reader: CommandReader, by: CommandSource) => Promise<CommandOutcome>;
  /** Does what needs no body. */
  readonly submit: (command: Command, principal: Principal) => Promise<CommandOutcome>;
}

export interface CommandSource {
  readonly principal: Principal;
  /** The id in the path, where the route has one. */
  readonly target: string;
}

export function commandCall(deps: HttpDeps, gate: FlowGate): CommandCall {
  async function run(call: Call, reader: CommandReader, target: string): Promise<CommandOutcome> {
    const problem = bodyHeaderProblem(call.request);
    if (problem !== undefined) return { ok: false, problem };
    const bytes = await new Promise<Buffer | Problem>((resolve) => collectBody(call.request, resolve));
    if (isProblem(bytes)) return { ok: false, problem: bytes };
    return runBytes(bytes, reader, { principal: call.principal, target });
  }

  async function runBytes(bytes: Buffer, reader: CommandReader, by: CommandSource): Promise<CommandOutcome> {
    // Where nothing is required, saying nothing is enough.
    const parsed = bytes.length === 0 ? EMPTY_OBJECT : parseBody(bytes);
    if (!parsed.ok) return { ok: false, problem: parsed.problem };
    const result = reader.read(parsed.body, by.target);
    if (!result.ok) return { ok: false, problem: invalid(result.problems) };
    return submit(result.content, by.principal);
  }

  async function submit(command: Command, principal: Principal): Promise<CommandOutcome> {
    const { closedBy } = gate;
    if (closedBy !== undefined) {
      deps.metrics.turnedAway();
      return { ok: false, problem: unavailableProblem(closedBy) };
    }
    gate.enter(COMMAND_BYTES);
    const envelope = { command, actor: principal.actor, receivedAt: deps.now() };
    const reply = await new Promise<GatewayReply>((resolve) => deps.gateway.submit(envelope, resolve));
    gate.leave(COMMAND_BYTES);
    return outcomeOf(command, principal, reply);
  }
  return { run, runBytes, submit };
}

/** About what a command other than a payment has. */
const COMMAND_BYTES = 1024;

const EMPTY_OBJECT = { ok: true, body: {} } as const;

function outcomeOf(command: Command, principal: Principal, reply: GatewayReply): CommandOutcome {
  if (reply.type === 'unavailable') return { ok: false, problem: unavailableProblem(reply.cause) };
  const { answer, place } = reply;
  if (answer.type === 'RefusedAnswer') return { ok: false, problem: refusalProblem(answer) };
  noteWritten(principal, place);
  return { ok: true, command, answer, place };
}
