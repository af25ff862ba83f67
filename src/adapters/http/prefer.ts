/** Reads the `Prefer` header (RFC 7240): how long the client will wait, and whether it needs the answer at all. */

export interface Preference {
  /** 202 as soon as the payment is durable will do. */
  readonly respondAsync: boolean;
  /** The client wants some answer within this time; absent when it waits as long as it takes. */
  readonly waitMs?: number;
}

/** Longer than this no proxy waits either. */
const WAIT_SECONDS_MAX = 60;

/** What it does not know, or cannot read, it passes over, as the RFC asks. */
export function readPrefer(header: string): Preference {
  let respondAsync = false;
  let waitMs: number | undefined;
  for (const part of header.split(',')) {
    const [name = '', value = ''] = part.split(';', 1).join('').split('=');
    const word = name.trim().toLowerCase();
    if (word === 'respond-async') respondAsync = true;
    if (word === 'wait') waitMs = readSeconds(value.trim());
  }
  return waitMs === undefined ? { respondAsync } : { respondAsync, waitMs };
}

/** The RFC knows whole seconds; tenths are what payments need. */
function readSeconds(value: string): number | undefined {
  const written = value.replaceAll('"', '');
  if (!/^\d{1,3}(?:\.\d{1,3})?$/.test(written)) return undefined;
  return Math.min(Number(written), WAIT_SECONDS_MAX) * 1000;
}
