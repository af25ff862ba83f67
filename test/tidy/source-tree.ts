/** Reads the project's own files: all of them that git tracks or would track. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSource } from '#test/tidy/source-file.ts';
import type { SourceFile } from '#test/tidy/source-file.ts';

export const PROJECT_ROOT = join(import.meta.dirname, '..', '..');

export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** Paths from the root, sorted. Ignored files are left out, files that are not added yet are not. */
export function listProjectFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: PROJECT_ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return [...new Set(listed.split('\0'))]
    .filter((path) => path !== '' && existsSync(join(PROJECT_ROOT, path)))
    .toSorted();
}

export function readProjectFile(path: string): string {
  return readFileSync(join(PROJECT_ROOT, path), 'utf8');
}

/** Every TypeScript file of `src`, `training` and `test`, parsed. */
export function readSourceTree(): SourceFile[] {
  return listProjectFiles()
    .filter((path) => /^(src|training|test)\/.*\.ts$/.test(path))
    .map((path) => parseSource(path, readProjectFile(path)));
}

/** Every file that a person wrote and may read as text: code, documents, scripts, settings. */
export function readTextFiles(): TextFile[] {
  const written =
    /(\.(ts|mjs|js|sh|md|json|jsonc|ya?ml|c|lua|html|css|svg)|^\.ci\/run|\/\.[a-z]+|^\.[a-z]+|LICENSE)$/;
  return listProjectFiles()
    .filter(
      (path) => written.test(path) && !/^(fixtures|models)\//.test(path) && path !== 'package-lock.json',
    )
    .map((path) => ({ path, text: readProjectFile(path) }));
}
