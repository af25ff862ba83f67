/** What every event log has to do, whatever stores it. Called by the test of each adapter. */
import { describeErasure } from '#test/contract/event-log/describe-erasure.ts';
import { describeFailures } from '#test/contract/event-log/describe-failures.ts';
import { describePages } from '#test/contract/event-log/describe-pages.ts';
import { describeReopening } from '#test/contract/event-log/describe-reopening.ts';
import { describeRows } from '#test/contract/event-log/describe-rows.ts';
import { trackLogHomes, type LogHome } from '#test/contract/event-log/log-homes.ts';

export function describeEventLog(name: string, createHome: () => Promise<LogHome>): void {
  const homes = trackLogHomes(createHome);
  describeRows(name, homes);
  describePages(name, homes);
  describeReopening(name, homes);
  describeErasure(name, homes);
  describeFailures(name, homes);
}
