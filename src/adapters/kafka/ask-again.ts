/**
 * Repeats a question to the broker that it cannot answer just now: a topic was made a moment ago, a
 * partition is changing its leader, or the broker that knows a group has only begun. Only for what changes nothing.
 */

/** A change of leader takes seconds. */
const WITHIN_MS = 20_000;
const PAUSE_MS = 25;
/** Codes of the broker's answers after which the same question may be answered. */
const PASSING: ReadonlySet<string> = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
  'OFFSET_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR_FOR_GROUP',
]);

/** @throws what the question throws, when it is something else or the time is over. */
export async function askAgain<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  const until = performance.now() + WITHIN_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isPassing(error) || performance.now() > until) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

function isPassing(error: unknown): boolean {
  return (
    error instanceof Error && 'type' in error && typeof error.type === 'string' && PASSING.has(error.type)
  );
}
