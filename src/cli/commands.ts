/** Every command of the program. */
import type { CliCommand } from './command.ts';
import { serve } from './serve.ts';

export const COMMANDS: readonly CliCommand[] = [serve];
