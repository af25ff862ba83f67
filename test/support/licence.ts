/** Which licences Vouch may ship with (Apache-2.0 itself), and which may only be used to build it. */

/** Permissive: nothing is asked of who passes it on but to keep the notice, and to name the source of data. */
const SHIPPED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC-BY-4.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
]);
/** Weak copyleft on files that are never passed on. */
const DEVELOPMENT_ONLY = new Set(['MPL-2.0']);

export interface InstalledPackage {
  readonly name: string;
  /** An SPDX expression, as the package states it. */
  readonly licence: string | undefined;
  readonly development: boolean;
}

export function isLicenceAllowed({ licence, development }: InstalledPackage): boolean {
  if (licence === undefined) return false;
  const allowed = (id: string): boolean => SHIPPED.has(id) || (development && DEVELOPMENT_ONLY.has(id));
  return licence
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((id) => allowed(id.trim())));
}
