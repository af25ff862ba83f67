/** Every command of the program. */
import { clusterImport } from './cluster-import.ts';
import { clusterInit, clusterStatus } from './cluster.ts';
import type { CliCommand } from './command.ts';
import { demo } from './demo.ts';
import { erase } from './erase.ts';
import { featuresRebuild } from './features-rebuild.ts';
import { importFile } from './import.ts';
import { ratesImport } from './rates-import.ts';
import { replay } from './replay.ts';
import { serve } from './serve.ts';
import { tokenCreate } from './token-create.ts';
import { verify } from './verify.ts';

export const COMMANDS: readonly CliCommand[] = [
  demo,
  serve,
  importFile,
  verify,
  replay,
  erase,
  featuresRebuild,
  ratesImport,
  tokenCreate,
  clusterInit,
  clusterStatus,
  clusterImport,
];
