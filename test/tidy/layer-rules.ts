/**
 * Who may see whom. Data moves through the stages in one direction and every stage knows only the
 * domain, so that each can be read, tested and replaced alone; only the files at the top of `src` put
 * them together.
 */
import { fileRule, resolveOwn } from '#test/tidy/house-rule.ts';
import type { HouseRule } from '#test/tidy/house-rule.ts';

const STAGES = ['ingest', 'pending', 'features', 'scoring', 'decision', 'journal'];
const READERS = ['projections', 'review', 'reconciliation', 'settlement', 'operations'];

/** What each folder of `src` sees besides itself. A folder that is not named here is a finding. */
const SEES: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  ports: ['domain'],
  observability: ['domain', 'ports'],
  config: ['domain'],
  ...Object.fromEntries(
    [...STAGES, ...READERS].map((stage) => [stage, ['domain', 'ports', 'observability']]),
  ),
  // A shard puts the stages together, and knows drivers only by their ports.
  shard: ['domain', 'ports', 'observability', ...STAGES],
  // An adapter speaks for one driver; it may use a stage's pure functions, never another adapter.
  adapters: ['domain', 'ports', 'observability', ...STAGES, ...READERS],
};

/** Modules through which a program touches the world outside. */
const OUTSIDE =
  /^node:(fs|net|tls|http|https|http2|dgram|dns|child_process|cluster|worker_threads|sqlite|os)(\/|$)/;
const PURE = new Set(['domain', 'ports', 'shard', ...STAGES, ...READERS]);
/** Commands of the program and its deployments: like the files at the top of `src`, they put everything together. */
const COMPOSERS = new Set(['cli', 'cluster', 'demo', 'import']);

export const layerRule: HouseRule = fileRule(
  'each folder of src sees only what its layer may see',
  (file) => {
    const own = folderOf(file.path);
    if (own === undefined || COMPOSERS.has(own.layer)) return [];
    const allowed = SEES[own.layer];
    if (allowed === undefined)
      return [`${file.path}: src/${own.layer} is not a layer; name it in layer-rules.ts with what it sees`];
    return file.imports.flatMap(({ specifier, line }) => {
      const target = resolveOwn(file.path, specifier);
      if (target === undefined || !target.startsWith('src/')) return [];
      const other = folderOf(target);
      if (other === undefined)
        return [`${file.path}:${line}: only src/*.ts compose, ${own.layer} may not import ${target}`];
      if (other.unit === own.unit || allowed.includes(other.layer)) return [];
      return [`${file.path}:${line}: ${own.unit} may not see ${other.unit}`];
    });
  },
);

export const purityRule: HouseRule = fileRule(
  'domain has no packages, stages touch nothing outside',
  (file) => {
    const layer = folderOf(file.path)?.layer;
    if (layer === undefined || !PURE.has(layer)) return [];
    return file.imports.flatMap(({ specifier, line }) => {
      const isPackage = resolveOwn(file.path, specifier) === undefined;
      if ((layer === 'domain' || layer === 'ports') && isPackage)
        return [`${file.path}:${line}: ${layer} imports ${specifier}`];
      return OUTSIDE.test(specifier)
        ? [`${file.path}:${line}: ${layer} does I/O through ${specifier}; pass a port in`]
        : [];
    });
  },
);

export const directionRule: HouseRule = fileRule(
  'src knows neither training nor test, training does not know test',
  (file) => {
    const forbidden = file.path.startsWith('src/')
      ? /^(training|test)\//
      : file.path.startsWith('training/')
        ? /^test\//
        : undefined;
    if (forbidden === undefined) return [];
    return file.imports
      .filter(({ specifier }) => forbidden.test(resolveOwn(file.path, specifier) ?? ''))
      .map(({ specifier, line }) => `${file.path}:${line}: imports ${specifier}`);
  },
);

/** `src/adapters/sqlite/x.ts` is the layer `adapters` and the unit `adapters/sqlite`; files at the top of src have none. */
function folderOf(path: string): { layer: string; unit: string } | undefined {
  const parts = path.split('/');
  const layer = parts[1];
  if (parts[0] !== 'src' || layer === undefined || parts.length < 3) return undefined;
  return { layer, unit: layer === 'adapters' ? `${layer}/${parts[2]}` : layer };
}
