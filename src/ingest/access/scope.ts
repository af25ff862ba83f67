/** What a token may do. */

export const SCOPES = [
  'payments:write',
  'payments:read',
  'transfers:write',
  'reviews:write',
  'models:write',
  'lists:write',
  'admin',
] as const;
export type Scope = (typeof SCOPES)[number];

export function isScope(word: string): word is Scope {
  return SCOPES.some((scope) => scope === word);
}

/** Any one of the wanted scopes is enough; `admin` may do everything, and nothing wanted is open to all tokens. */
export function mayDo(granted: ReadonlySet<string>, wanted: readonly Scope[]): boolean {
  return wanted.length === 0 || granted.has('admin') || wanted.some((scope) => granted.has(scope));
}
