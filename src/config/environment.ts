/** Lays environment variables over what the file says. */
import { CONFIG_KEYS, SECTION_PREFIXES } from './config-keys.ts';
import type { ConfigKey } from './config-keys.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

interface ConfigProblem {
  readonly path: string;
  readonly message: string;
}

type Tree = { [name: string]: unknown };

/** Returns a copy with the variables' values; numbers and flags that cannot be read are problems. */
export function overlayEnvironment(file: Readonly<Tree>, variables: Variables) {
  const tree: Tree = structuredClone(file);
  const problems: ConfigProblem[] = unknownVariables(variables);
  for (const key of CONFIG_KEYS) {
    const written = variables[key.variable];
    if (written === undefined || written === '') continue;
    const value = readValue(key, written);
    if (value === undefined) problems.push({ path: key.variable, message: `must be a ${key.kind}` });
    else put(tree, key.path, value);
  }
  return { tree, problems };
}

/** A variable of one of our sections that nobody reads is a typing error. */
function unknownVariables(variables: Variables): ConfigProblem[] {
  const known = new Set(CONFIG_KEYS.map(({ variable }) => variable));
  return Object.keys(variables)
    .filter((name) => SECTION_PREFIXES.some((prefix) => name.startsWith(prefix)) && !known.has(name))
    .map((name) => ({ path: name, message: 'is not a variable of the configuration' }));
}

function readValue({ kind }: ConfigKey, written: string): unknown {
  if (kind === 'text') return written;
  if (kind === 'list') return written.split(',').map((each) => each.trim());
  if (kind === 'number') return /^-?\d+$/.test(written) ? Number(written) : undefined;
  if (written === 'true') return true;
  return written === 'false' ? false : undefined;
}

/** Sections that are not there, or are not sections, are left to the schema to judge. */
function put(tree: Tree, [name = '', ...below]: readonly string[], value: unknown): void {
  if (below.length === 0) {
    tree[name] = value;
    return;
  }
  const section = (tree[name] ??= {});
  if (typeof section === 'object' && section !== null) put(section as Tree, below, value);
}
