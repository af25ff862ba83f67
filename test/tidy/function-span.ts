/** How long each function of a file is, and how many parameters it takes. */
import type { Program } from 'oxc-parser';

export interface FunctionSpan {
  readonly name: string;
  readonly line: number;
  readonly lineCount: number;
  readonly parameterCount: number;
}

interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

type LineAt = (offset: number) => number;

const FUNCTION_TYPES = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

/** The callback of `describe` holds a list of tests: it is a chapter, and as long as its tests. */
export function measureFunctions(program: Program, lineAt: LineAt): FunctionSpan[] {
  const spans: FunctionSpan[] = [];
  const visit = (node: SyntaxNode, name: string): void => {
    if (FUNCTION_TYPES.has(node.type) && name !== 'describe') {
      spans.push(measure({ node, name, lineAt }));
    }
    for (const child of childrenOf(node)) visit(child, nameOf(child, node) ?? name);
  };
  for (const statement of program.body) {
    if (isNode(statement)) visit(statement, '');
  }
  return spans;
}

function measure({ node, name, lineAt }: { node: SyntaxNode; name: string; lineAt: LineAt }): FunctionSpan {
  const line = lineAt(node.start);
  const parameters = Array.isArray(node['params']) ? node['params'] : [];
  return {
    name: name === '' ? 'anonymous' : name,
    line,
    lineCount: lineAt(node.end - 1) - line + 1,
    parameterCount: parameters.filter((parameter) => identifierOf(parameter) !== 'this').length,
  };
}

/** The name that a function in this place is known by: its own, its variable's, its key's, or that of the call it is passed to. */
function nameOf(child: SyntaxNode, parent: SyntaxNode): string | undefined {
  if (parent.type === 'CallExpression') return calleeOf(parent['callee']);
  return identifierOf(child['id']) ?? identifierOf(child['key']);
}

function calleeOf(callee: unknown): string | undefined {
  if (!isNode(callee)) return undefined;
  if (callee.type === 'MemberExpression') return calleeOf(callee['object']);
  if (callee.type === 'CallExpression') return calleeOf(callee['callee']);
  return identifierOf(callee);
}

function identifierOf(value: unknown): string | undefined {
  return isNode(value) && typeof value['name'] === 'string' ? value['name'] : undefined;
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const fields: unknown[] = Object.values(node);
  return fields.flat().filter(isNode);
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
