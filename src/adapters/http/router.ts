/**
 * Finds the route of a request. Paths are fixed words and `{names}`; a fixed word wins over a name.
 */
import type { Route } from './route.ts';

export interface RouteMatch {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

export type Routing = RouteMatch | { readonly allow: readonly string[] } | undefined;

interface Node {
  readonly words: Map<string, Node>;
  named: { readonly name: string; readonly node: Node } | undefined;
  readonly routes: Map<string, Route>;
}

export class Router {
  readonly routes: readonly Route[];
  readonly #root: Node = emptyNode();

  constructor(routes: readonly Route[]) {
    this.routes = routes;
    for (const route of routes) this.#add(route);
  }

  /** The match; the methods that are allowed when only the method is wrong; or nothing. */
  find(method: string, path: string): Routing {
    const params: Record<string, string> = {};
    const node = descend(this.#root, path, params);
    if (node === undefined || node.routes.size === 0) return undefined;
    const route = node.routes.get(method) ?? (method === 'HEAD' ? node.routes.get('GET') : undefined);
    return route === undefined ? { allow: [...node.routes.keys()] } : { route, params };
  }

  #add(route: Route): void {
    let node = this.#root;
    for (const part of partsOf(route.path)) node = childOf(node, part, route);
    if (node.routes.has(route.method)) throw new Error(`two routes for ${route.method} ${route.path}`);
    node.routes.set(route.method, route);
  }
}

function emptyNode(): Node {
  return { words: new Map(), named: undefined, routes: new Map() };
}

function partsOf(path: string): string[] {
  return path.slice(1).split('/');
}

function childOf(node: Node, part: string, route: Route): Node {
  if (!part.startsWith('{')) {
    const known = node.words.get(part) ?? emptyNode();
    node.words.set(part, known);
    return known;
  }
  const name = part.slice(1, -1);
  node.named ??= { name, node: emptyNode() };
  if (node.named.name !== name) throw new Error(`${route.path} names {${node.named.name}} differently`);
  return node.named.node;
}

function descend(root: Node, path: string, params: Record<string, string>): Node | undefined {
  let node = root;
  for (const part of partsOf(path)) {
    const fixed = node.words.get(part);
    if (fixed !== undefined) {
      node = fixed;
      continue;
    }
    const value = node.named && decodePart(part);
    if (node.named === undefined || value === undefined) return undefined;
    params[node.named.name] = value;
    node = node.named.node;
  }
  return node;
}

/** Undefined for an empty part and for percent signs that encode nothing. */
function decodePart(part: string): string | undefined {
  if (!part.includes('%')) return part === '' ? undefined : part;
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
