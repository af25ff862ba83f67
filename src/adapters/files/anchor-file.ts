/**
 * Keeps heads of the log in a text file that only grows. Copy it to a place that whoever can write the data
 * folder cannot write, or mail its last line: beside the log it shows accidents, elsewhere it shows fraud.
 */
import { open, type FileHandle } from 'node:fs/promises';

import { formatAnchorLine, parseAnchorLine } from '#src/adapters/files/anchor-line.ts';
import type { Anchor, AnchorStore, MalformedAnchor } from '#src/ports/anchors.ts';
import type { LogHead } from '#src/ports/event-log.ts';

/** One anchor after this long or so many rows: what a cut tail may hold unseen, against a sync and 100 bytes each. */
const ANCHOR_EVERY_MS = 10_000;
const ANCHOR_EVERY_ROWS = 10_000;
/** More than one line, so the newest whole line is in it. */
const TAIL_BYTES = 1_024;

export interface AnchorFileOptions {
  readonly path: string;
  /** Told when an anchor could not be written; the next one is tried all the same. */
  readonly onFailed?: (error: unknown) => void;
}

export async function openAnchorFile({ path, onFailed }: AnchorFileOptions): Promise<AnchorStore> {
  const file = await open(path, 'a+').then(async (created) => {
    await created.close();
    return open(path, 'r+');
  });
  const tail = await readTail(file);
  return createAnchorStore({ file, ...tail, onFailed: onFailed ?? (() => {}) });
}

/** All anchors of a file, oldest first. A last line without its end was never completed and is left out. */
export async function* readAnchorFile(path: string): AsyncGenerator<Anchor | MalformedAnchor> {
  const file = await open(path, 'r');
  try {
    let rest = '';
    for await (const chunk of file.createReadStream({ encoding: 'utf8' })) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield parseAnchorLine(line);
    }
  } finally {
    await file.close();
  }
}

interface AnchorFile {
  readonly file: FileHandle;
  readonly newest: Anchor | null;
  /** Where the next line goes: the end of the last whole line. */
  readonly size: number;
  readonly onFailed: (error: unknown) => void;
}

function createAnchorStore({ file, newest, size, onFailed }: AnchorFile): AnchorStore {
  let end = size;
  let kept = newest;
  let noted: Anchor | null = null;
  let writing: Promise<void> | null = null;

  async function keep(anchor: Anchor): Promise<void> {
    const line = Buffer.from(formatAnchorLine(anchor));
    await file.truncate(end);
    await file.write(line, 0, line.length, end);
    await file.datasync();
    end += line.length;
    kept = anchor;
  }

  return {
    get newest() {
      return kept;
    },
    note(head, timeMs) {
      noted = { ...head, timeMs };
      if (writing !== null || !isDue(kept, noted)) return;
      writing = keep(noted)
        .catch(onFailed)
        .finally(() => (writing = null));
    },
    async close() {
      await writing;
      try {
        if (noted !== null && noted.position !== kept?.position) await keep(noted);
      } finally {
        await file.close();
      }
    },
  };
}

function isDue(kept: Anchor | null, head: LogHead & { readonly timeMs: number }): boolean {
  if (kept === null) return true;
  return head.position - kept.position >= ANCHOR_EVERY_ROWS || head.timeMs - kept.timeMs >= ANCHOR_EVERY_MS;
}

async function readTail(file: FileHandle): Promise<Pick<AnchorFile, 'newest' | 'size'>> {
  const { size } = await file.stat();
  const start = Math.max(0, size - TAIL_BYTES);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, start);
  const text = buffer.toString('latin1', 0, bytesRead);
  const end = text.lastIndexOf('\n') + 1;
  const last = parseAnchorLine(text.slice(0, end).trimEnd().split('\n').at(-1) ?? '');
  return { size: start + end, newest: 'malformed' in last ? null : last };
}
