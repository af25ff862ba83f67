/** The released model that serves when the configuration names none: the newest of those that ship. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MODELS = fileURLToPath(new URL('../models/', import.meta.url));
const SHIPPED_NAME = 'vouch';

/** @throws when the checkout has no model. */
export function defaultModelFolder(): string {
  const folder = join(MODELS, SHIPPED_NAME);
  const versions = existsSync(folder) ? readdirSync(folder).toSorted(byVersion) : [];
  const newest = versions.at(-1);
  if (newest === undefined) throw new Error(`there is no model in ${folder}: train one with npm run train`);
  return join(folder, newest);
}

/** The folder of `NAME@VERSION`. */
export function modelFolder(model: string): string {
  const [name, version, ...rest] = model.split('@');
  if (!name || !version || rest.length > 0) throw new Error(`${model} is not NAME@VERSION`);
  return join(MODELS, name, version);
}

function byVersion(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
