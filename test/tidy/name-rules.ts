/** Names: what a file is called, what it exports, and the words that say nothing. */
import { fileRule } from '#test/tidy/house-rule.ts';
import type { HouseRule } from '#test/tidy/house-rule.ts';

/** Words that could stand on anything. `base` is one only at the end or as a prefix of a type: a base rate is a term. */
const EMPTY_WORDS = new Set([
  'util',
  'utils',
  'helper',
  'helpers',
  'common',
  'misc',
  'manager',
  'new',
  'data2',
]);
const VERSION_WORD = /^v\d+$/;

export const emptyWordRule: HouseRule = fileRule('no name is one that could stand on anything', (file) => {
  const inPath = file.path.replace(/\.[a-z.]+$/, '').split(/[/-]/);
  const findings = inPath.filter(saysNothing).map((word) => `${file.path}: "${word}" says nothing`);
  for (const { name, line } of file.exports) {
    const words = wordsOf(name);
    const empty = words.filter((word) => saysNothing(word));
    if (words.at(-1) === 'base' || /^Base[A-Z]/.test(name)) empty.push('base');
    findings.push(...empty.map((word) => `${file.path}:${line}: "${word}" in ${name} says nothing`));
  }
  return findings;
});

export const interfacePrefixRule: HouseRule = fileRule('no name carries an I for interface', (file) =>
  file.exports
    .filter(({ name }) => /^I[A-Z][a-z]/.test(name) && !/^IPv?[46A-Z]/.test(name))
    .map(({ name, line }) => `${file.path}:${line}: ${name}`),
);

export const kebabRule: HouseRule = fileRule('files and folders are in kebab-case', (file) =>
  file.path
    .replace(/(\.(test|bench))?\.ts$/, '')
    .split('/')
    .filter((part) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(part))
    .map((part) => `${file.path}: "${part}" is not kebab-case`),
);

/** A file with this many exports has a subject rather than a main export, and is named after that. */
const SUBJECT_EXPORTS_MIN = 3;

export const mainExportRule: HouseRule = fileRule('a file is named after what it exports', (file) => {
  const isCode = /^(src|training)\//.test(file.path) || /^test\/(support|tidy|contract)\//.test(file.path);
  const names = file.exports.map(({ name }) => name);
  if (!isCode || names.length === 0 || names.length >= SUBJECT_EXPORTS_MIN) return [];
  const fileName = file.path.slice(file.path.lastIndexOf('/') + 1).replace(/(\.(test|bench))?\.ts$/, '');
  return isNamedAfter(fileName, names) ? [] : [`${file.path}: named after none of ${names.join(', ')}`];
});

/**
 * Half of the file's words stand in its exports, in any order and with any ending: `verify-chain` goes
 * with `verifyChain` and `ChainVerifier`, `siphash` with `sipHash24`, `size-rules` with two rules.
 */
function isNamedAfter(fileName: string, names: readonly string[]): boolean {
  if (names.some((name) => name.toLowerCase().replaceAll('_', '').includes(fileName.replaceAll('-', ''))))
    return true;
  const stems = names.flatMap((name) => wordsOf(name)).map((word) => stemOf(word));
  const words = fileName.split('-').map((word) => stemOf(word));
  const found = words.filter((word) => stems.some((stem) => sameStem(stem, word)));
  return found.length * 2 >= words.length;
}

function sameStem(left: string, right: string): boolean {
  const shorter = Math.min(left.length, right.length);
  return left === right || (shorter >= 4 && left.slice(0, shorter) === right.slice(0, shorter));
}

function stemOf(word: string): string {
  return word.replace(/(ies|ings?|ers?|ors?|ions?|es|s|ed|e|y)$/, '');
}

function saysNothing(word: string): boolean {
  return EMPTY_WORDS.has(word) || VERSION_WORD.test(word);
}

/** `parseHTTPHeader` and `PARSE_HTTP_HEADER` are parse, http, header. */
function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .split('_')
    .filter((word) => word !== '');
}
