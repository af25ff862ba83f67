/** One line of an import: a payment, or an account or a transfer under its name. */

export type ImportLine =
  | { readonly kind: 'payment' | 'account' | 'transfer'; readonly number: number; readonly body: unknown }
  | { readonly kind: 'unreadable'; readonly number: number; readonly problem: string };

/** A line above this is refused, as over HTTP. */
export const LINE_BYTES_MAX: number = 64 * 1024;

export function readImportLine(text: string, number: number): ImportLine {
  if (Buffer.byteLength(text) > LINE_BYTES_MAX) {
    return { kind: 'unreadable', number, problem: `longer than ${LINE_BYTES_MAX} bytes` };
  }
  const value = parsed(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { kind: 'unreadable', number, problem: 'not a JSON object' };
  }
  const names = Object.keys(value);
  if (names.length === 1 && 'account' in value) return { kind: 'account', number, body: value.account };
  if (names.length === 1 && 'transfer' in value) return { kind: 'transfer', number, body: value.transfer };
  return { kind: 'payment', number, body: value };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
