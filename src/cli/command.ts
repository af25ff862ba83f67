/** What a command of the program is, and how its errors are told. */
import type { ParseArgsOptionDescriptor } from 'node:util';

export const EXIT_OK = 0;
/** It did not hold: a broken log, a failed gate. */
export const EXIT_FAILED = 1;
/** Wrong usage or configuration. */
export const EXIT_USAGE = 2;

export interface OptionDescription extends ParseArgsOptionDescriptor {
  readonly help: string;
  /** What stands for the value in the help, such as `DIR`. */
  readonly value?: string;
}

export type OptionValues = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

export interface CommandInput {
  readonly options: OptionValues;
  readonly positionals: readonly string[];
}

export interface CliCommand {
  /** One word or two, such as `token create`. */
  readonly name: string;
  readonly summary: string;
  /** What follows the name in the usage line. */
  readonly usage: string;
  readonly options: Readonly<Record<string, OptionDescription>>;
  /** Gives the exit code. */
  readonly run: (input: CommandInput) => Promise<number>;
}

/** Wrong usage or configuration; the message says what to do instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export function textOption({ options }: CommandInput, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

export function requiredOption(input: CommandInput, name: string): string {
  const value = textOption(input, name);
  if (value === undefined || value === '') throw new UsageError(`--${name} is missing`);
  return value;
}

export function flagOption({ options }: CommandInput, name: string): boolean {
  return options[name] === true;
}

export const DATA_OPTION: OptionDescription = { type: 'string', value: 'DIR', help: 'the data folder' };
export const JSON_OPTION: OptionDescription = {
  type: 'boolean',
  help: 'end with one JSON object on stdout',
};
