/** Says in HTTP's words why a command was refused or not answered. */
import type { Refusal, RefusedAnswer } from '#src/domain/answer.ts';
import type { Unavailability } from '#src/ports/command-gateway.ts';
import type { Problem, ProblemType } from './problem.ts';

const TYPE_OF_REFUSAL: Readonly<Record<Refusal, ProblemType>> = {
  account_unknown: 'not-found',
  payment_unknown: 'not-found',
  entry_unknown: 'not-found',
  token_unknown: 'not-found',
  id_taken: 'id-taken',
  account_closed: 'conflict',
  account_frozen: 'conflict',
  account_in_use: 'conflict',
  asset_mismatch: 'conflict',
  insufficient_funds: 'conflict',
  not_capturable: 'conflict',
  not_voidable: 'conflict',
  not_reversible: 'conflict',
  not_in_review: 'conflict',
  not_challenged: 'conflict',
  amount_too_large: 'conflict',
  list_full: 'conflict',
  name_reserved: 'invalid',
  policy_invalid: 'invalid',
  // Two processes that disagree about the ledger: not the client's mistake.
  wrong_shard: 'internal',
  clock_ahead: 'internal',
};

export function refusalProblem({ refusal, detail }: RefusedAnswer): Problem {
  return { type: TYPE_OF_REFUSAL[refusal], detail, code: refusal };
}

const UNAVAILABLE: Readonly<Record<Unavailability, Problem>> = {
  overloaded: {
    type: 'overloaded',
    detail: 'the queue in front of the ledger is full; nothing was done',
    retryAfterSeconds: 1,
  },
  outcome_unknown: {
    type: 'outcome-unknown',
    detail: 'the log could not confirm the commit; send the same request again to learn what became of it',
    retryAfterSeconds: 2,
  },
  stopping: {
    type: 'stopping',
    detail: 'the server is finishing what it took in; send the same request again, elsewhere or later',
    retryAfterSeconds: 5,
  },
};

export function unavailableProblem(cause: Unavailability): Problem {
  return UNAVAILABLE[cause];
}
