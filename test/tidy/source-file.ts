/**
 * What the house rules need to know of one TypeScript file: what it imports and exports, and how long
 * its functions are. Parsed by oxc, so that a string or a comment is never taken for code.
 */
import { parseSync } from 'oxc-parser';
import type { Comment, EcmaScriptModule } from 'oxc-parser';
import { measureFunctions } from '#test/tidy/function-span.ts';
import type { FunctionSpan } from '#test/tidy/function-span.ts';

export interface ImportSite {
  readonly specifier: string;
  readonly line: number;
}

export interface ExportSite {
  readonly name: string;
  readonly line: number;
  /** `export … from`: the name is handed on from another file. */
  readonly handedOn: boolean;
}

export interface SourceFile {
  /** From the project's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** The text with its comments blanked out, lines kept. */
  readonly code: string;
  readonly lineCount: number;
  readonly imports: readonly ImportSite[];
  readonly exports: readonly ExportSite[];
  readonly functions: readonly FunctionSpan[];
}

export function parseSource(path: string, text: string): SourceFile {
  const parsed = parseSync(path, text);
  const broken = parsed.errors[0];
  if (broken !== undefined) throw new Error(`${path} does not parse: ${broken.message}`);
  const lineAt = lineCounter(text);
  return {
    path,
    text,
    code: withoutComments(text, parsed.comments),
    lineCount: text.trimEnd().split('\n').length,
    imports: importSites(parsed.module, text, lineAt),
    exports: exportSites(parsed.module, lineAt),
    functions: measureFunctions(parsed.program, lineAt),
  };
}

type LineAt = (offset: number) => number;

function withoutComments(text: string, comments: readonly Comment[]): string {
  return comments.reduce(
    (code, { start, end }) =>
      code.slice(0, start) + code.slice(start, end).replaceAll(/[^\n]/g, ' ') + code.slice(end),
    text,
  );
}

function lineCounter(text: string): LineAt {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    const after = starts.findIndex((start) => start > offset);
    return after === -1 ? starts.length : after;
  };
}

function importSites(module: EcmaScriptModule, text: string, lineAt: LineAt): ImportSite[] {
  const sites = module.staticImports.map(({ start, moduleRequest }) => ({
    specifier: moduleRequest.value,
    line: lineAt(start),
  }));
  for (const { entries } of module.staticExports) {
    for (const { start, moduleRequest } of entries) {
      if (moduleRequest !== null) sites.push({ specifier: moduleRequest.value, line: lineAt(start) });
    }
  }
  for (const { start, moduleRequest } of module.dynamicImports) {
    const literal = /^['"`]([^'"`$]+)['"`]$/.exec(text.slice(moduleRequest.start, moduleRequest.end));
    if (literal?.[1] !== undefined) sites.push({ specifier: literal[1], line: lineAt(start) });
  }
  return sites;
}

function exportSites(module: EcmaScriptModule, lineAt: LineAt): ExportSite[] {
  return module.staticExports.flatMap(({ entries }) =>
    entries.map(({ start, exportName, moduleRequest }) => ({
      name: exportName.name ?? (moduleRequest === null ? 'default' : '*'),
      line: lineAt(start),
      handedOn: moduleRequest !== null,
    })),
  );
}
