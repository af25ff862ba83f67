/** Reads what stands behind the question mark: known names only, each once, by the kinds that it may have. */
import { formatIpAddress, parseIpAddress } from '#src/domain/ip-address.ts';
import { parseInstant } from '#src/ingest/instant.ts';
import type { InputProblem } from '#src/ingest/list-problems.ts';
import { nearestHint } from '#src/ingest/nearest-name.ts';

export type QueryKind = 'text' | 'instant' | 'limit';
export type QueryNames = Readonly<Record<string, QueryKind>>;

export const LIMIT_MAX = 1000;
const LIMIT_DEFAULT = 100;
const TEXT_LENGTH_MAX = 512;

export type QueryResult =
  | { readonly ok: true; readonly query: Query }
  | { readonly ok: false; readonly problems: readonly InputProblem[] };

/** The values of a query whose names and kinds were checked. */
export class Query {
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  text(name: string): string | undefined {
    return this.#values.get(name);
  }

  /** Milliseconds since 1970. */
  instant(name: string): number | undefined {
    const written = this.#values.get(name);
    return written === undefined ? undefined : parseInstant(written);
  }

  /** An address in its canonical form; what is none is left as it is, and finds nothing. */
  address(name: string): string | undefined {
    const written = this.#values.get(name);
    return written === undefined ? undefined : canonicalAddress(written);
  }

  limit(): number {
    return Number(this.#values.get('limit') ?? LIMIT_DEFAULT);
  }
}

export function canonicalAddress(written: string): string {
  const address = parseIpAddress(written);
  return address === undefined ? written : formatIpAddress(address);
}

/** The path of a problem with a parameter whose name is not ours to repeat. */
const QUERY = 'query';

export function readQuery(sent: URLSearchParams, names: QueryNames = {}): QueryResult {
  const values = new Map<string, string>();
  const problems: InputProblem[] = [];
  for (const [name, value] of sent) {
    const message = values.has(name) ? 'is there twice' : problemWith(name, value, names);
    if (message === undefined) values.set(name, value);
    else problems.push({ path: Object.hasOwn(names, name) ? name : QUERY, message });
  }
  return problems.length === 0 ? { ok: true, query: new Query(values) } : { ok: false, problems };
}

function problemWith(name: string, value: string, names: QueryNames): string | undefined {
  const kind = Object.hasOwn(names, name) ? names[name] : undefined;
  if (kind === 'instant')
    return parseInstant(value) === undefined ? 'must be an RFC 3339 instant' : undefined;
  if (kind === 'limit') {
    const known = /^\d{1,4}$/.test(value) && Number(value) >= 1 && Number(value) <= LIMIT_MAX;
    return known ? undefined : `must be from 1 to ${LIMIT_MAX}`;
  }
  if (kind === 'text') return isShortText(value) ? undefined : `must have 1 to ${TEXT_LENGTH_MAX} characters`;
  return `has a parameter that is not known${nearestHint(name, Object.keys(names))}`;
}

function isShortText(value: string): boolean {
  return value.length >= 1 && value.length <= TEXT_LENGTH_MAX && !/\p{Cc}/u.test(value);
}
