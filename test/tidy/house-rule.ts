/** A house rule looks at the whole tree and says what is wrong, each finding with its place and its remedy. */
import type { SourceFile } from '#test/tidy/source-file.ts';

export interface HouseRule {
  readonly title: string;
  readonly check: (files: readonly SourceFile[]) => string[];
}

/** Makes a rule out of a check of one file. */
export function fileRule(title: string, checkFile: (file: SourceFile) => string[]): HouseRule {
  return { title, check: (files) => files.flatMap((file) => checkFile(file)) };
}

/** Where an import of the project's own code leads, as a path from the root; undefined for packages and built-in modules. */
export function resolveOwn(fromPath: string, specifier: string): string | undefined {
  const alias = /^#(src|training|test)\/(.+)$/.exec(specifier);
  if (alias !== null) return `${alias[1]}/${alias[2]}`;
  if (!specifier.startsWith('.')) return undefined;
  return new URL(specifier, `file:///${fromPath}`).pathname.slice(1);
}
