/** Writes a model's files into a folder, which is made where it does not exist. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ModelFiles } from '#src/scoring/model-files.ts';

export async function writeModel(folder: string, files: ModelFiles): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all([
    writeFile(path.join(folder, 'manifest.json'), files.manifest),
    writeFile(path.join(folder, 'model.json'), files.topology),
    writeFile(path.join(folder, 'weights.bin'), files.weights),
  ]);
}
