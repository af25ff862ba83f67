/** Rows for tests of the log: sealed, with bytes that can be told apart. */
import { sealRow } from '#src/journal/hash-chain.ts';
import type { EventLog, LogIdentity, LogRow } from '#src/ports/event-log.ts';

export const TEST_IDENTITY: LogIdentity = { ledgerId: 'ledger-of-tests', shard: 0 };

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export interface RowParts {
  readonly body: Uint8Array;
  readonly personal: Uint8Array | null;
}

const SOME_PARTS: RowParts = { body: bytesOf('facts'), personal: bytesOf('personal') };

/** Appends one row and gives back what was appended. */
export async function appendRow(log: EventLog, { body, personal } = SOME_PARTS): Promise<LogRow> {
  const row = sealRow({ identity: log.identity, head: await log.head(), body, personal });
  await log.append(row);
  return row;
}

/** Rows of about the given size, the position readable in both parts. */
export async function appendRows(log: EventLog, count: number, bytes = 100): Promise<readonly LogRow[]> {
  const rows: LogRow[] = [];
  for (let index = 0; index < count; index++) {
    const { position } = await log.head();
    const personal = bytesOf(`personal of ${position + 1} `.padEnd(bytes, 'p'));
    rows.push(
      await appendRow(log, { body: bytesOf(`body of ${position + 1} `.padEnd(bytes, 'b')), personal }),
    );
  }
  return rows;
}

export async function readAll(log: Pick<EventLog, 'read'>): Promise<readonly LogRow[]> {
  const rows: LogRow[] = [];
  for (;;) {
    const page = await log.read({ from: (rows.at(-1)?.position ?? 0) + 1 });
    if (page.length === 0) return rows;
    rows.push(...page);
  }
}
