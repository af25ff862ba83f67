/** Reads the files of a model folder, `models/NAME/VERSION/`. Fails as the file system does. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

export interface ModelFolder {
  readonly manifest: string;
  readonly topology: string;
  readonly weights: Uint8Array;
}

export async function readModelFolder(folder: string): Promise<ModelFolder> {
  const [manifest, topology, weights] = await Promise.all([
    readFile(path.join(folder, 'manifest.json'), 'utf8'),
    readFile(path.join(folder, 'model.json'), 'utf8'),
    readFile(path.join(folder, 'weights.bin')),
  ]);
  return { manifest, topology, weights };
}
