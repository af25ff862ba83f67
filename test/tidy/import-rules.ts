/** How files name each other, which drivers they may know, and that nothing goes round in circles. */
import { fileRule, resolveOwn } from '#test/tidy/house-rule.ts';
import type { HouseRule } from '#test/tidy/house-rule.ts';
import type { SourceFile } from '#test/tidy/source-file.ts';

/** The one place that may import each driver, so that replacing it means rewriting one folder. */
const DRIVER_HOMES: readonly { readonly driver: RegExp; readonly home: string }[] = [
  { driver: /^ioredis(\/|$)/, home: 'src/adapters/redis/' },
  { driver: /^kafkajs(\/|$)/, home: 'src/adapters/kafka/' },
  { driver: /^@tensorflow\//, home: 'src/adapters/tfjs/' },
  { driver: /^node:sqlite$/, home: 'src/adapters/sqlite/' },
  { driver: /^classic-level(\/|$)/, home: 'src/adapters/leveldb/' },
  { driver: /^node:(http|https|http2|net|tls)$/, home: 'src/adapters/http/' },
  { driver: /^(pino|prom-client)(\/|$)/, home: 'src/observability/' },
];

export const driverRule: HouseRule = fileRule('each driver is imported in one folder only', (file) => {
  if (!file.path.startsWith('src/')) return [];
  return file.imports.flatMap(({ specifier, line }) =>
    DRIVER_HOMES.filter(({ driver, home }) => driver.test(specifier) && !file.path.startsWith(home)).map(
      ({ home }) => `${file.path}:${line}: ${specifier} belongs in ${home}`,
    ),
  );
});

export const specifierRule: HouseRule = fileRule(
  'imports go by #src/…ts, #training/…ts, #test/…ts or ./…ts',
  (file) =>
    file.imports.flatMap(({ specifier, line }) => {
      if (specifier.includes('../')) return [`${file.path}:${line}: ${specifier} climbs; use #src/…`];
      const own = resolveOwn(file.path, specifier) !== undefined;
      return own && !/\.(ts|json)$/.test(specifier)
        ? [`${file.path}:${line}: ${specifier} needs its extension`]
        : [];
    }),
);

export const barrelRule: HouseRule = fileRule('nothing is exported from a second place', (file) => {
  const handedOn = file.exports.filter((site) => site.handedOn);
  const findings = handedOn.map(
    ({ name, line }) => `${file.path}:${line}: hands on ${name}; import it from where it is defined`,
  );
  return /(^|\/)index\.ts$/.test(file.path)
    ? [...findings, `${file.path}: index files are barrels`]
    : findings;
});

export const cycleRule: HouseRule = {
  title: 'no file imports itself by way of others, types included',
  check: (files) => {
    const graph = new Map(files.map((file) => [file.path, ownImports(file)]));
    const finished = new Set<string>();
    const findings: string[] = [];
    const visit = (path: string, trail: readonly string[]): void => {
      const start = trail.indexOf(path);
      if (start !== -1) findings.push([...trail.slice(start), path].join(' -> '));
      if (start !== -1 || finished.has(path)) return;
      for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
      finished.add(path);
    };
    for (const path of graph.keys()) visit(path, []);
    return findings;
  },
};

function ownImports(file: SourceFile): string[] {
  return file.imports.flatMap(({ specifier }) => resolveOwn(file.path, specifier) ?? []);
}
