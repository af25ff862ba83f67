/** An anchor as a line of text: position, hash in hex, RFC 3339 time, one space between them. */
import type { Anchor, MalformedAnchor } from '#src/ports/anchors.ts';

const LINE = /^(\d{1,16}) ([0-9a-f]{64}) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)$/;

export function formatAnchorLine(anchor: Anchor): string {
  const hash = Buffer.from(anchor.hash).toString('hex');
  return `${anchor.position} ${hash} ${new Date(anchor.timeMs).toISOString()}\n`;
}

export function parseAnchorLine(line: string): Anchor | MalformedAnchor {
  const [, position, hash, time] = LINE.exec(line) ?? [];
  if (position === undefined || hash === undefined || time === undefined)
    return { malformed: line.slice(0, 100) };
  return {
    position: Number(position),
    hash: new Uint8Array(Buffer.from(hash, 'hex')),
    timeMs: Date.parse(time),
  };
}
