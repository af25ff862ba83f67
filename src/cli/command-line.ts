/** Finds the command that was asked for, runs it, and turns what goes wrong into one line and an exit code. */
import { parseArgs } from 'node:util';
import { ConfigError } from '#src/config.ts';
import { DataFolderLocked } from '#src/ports/data-folder-lock.ts';
import {
  EXIT_FAILED,
  EXIT_OK,
  EXIT_USAGE,
  UsageError,
  type CliCommand,
  type OptionDescription,
} from './command.ts';

export interface CommandLineOutput {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

const HELP: OptionDescription = { type: 'boolean', help: 'show this' };

export async function runCommandLine(
  commands: readonly CliCommand[],
  args: readonly string[],
  output: CommandLineOutput,
): Promise<number> {
  const [first] = args;
  if (first === undefined || first === '--help' || first === 'help') {
    output.out(overview(commands));
    return first === undefined ? EXIT_USAGE : EXIT_OK;
  }
  const command = findCommand(commands, args);
  if (!command) {
    output.error(`vouch: there is no command ${first}: see vouch --help`);
    return EXIT_USAGE;
  }
  return runCommand(command, args.slice(command.name.split(' ').length), output);
}

async function runCommand(
  command: CliCommand,
  args: readonly string[],
  output: CommandLineOutput,
): Promise<number> {
  try {
    const options = { ...command.options, help: HELP };
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (values['help'] === true) {
      output.out(helpOf(command));
      return EXIT_OK;
    }
    return await command.run({ options: values, positionals });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    output.error(`vouch ${command.name}: ${message}`);
    if (!isUsage(error)) return EXIT_FAILED;
    output.error(`see vouch ${command.name} --help`);
    return EXIT_USAGE;
  }
}

function isUsage(error: unknown): boolean {
  if (error instanceof UsageError || error instanceof ConfigError || error instanceof DataFolderLocked)
    return true;
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

function findCommand(commands: readonly CliCommand[], args: readonly string[]): CliCommand | undefined {
  return commands.find(({ name }) => {
    const words = name.split(' ');
    return words.every((word, index) => args[index] === word);
  });
}

function overview(commands: readonly CliCommand[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return ['vouch COMMAND [options]', '', ...lines, '', 'vouch COMMAND --help shows the options.', ''].join(
    '\n',
  );
}

function helpOf({ name, usage, summary, options }: CliCommand): string {
  const rows = Object.entries({ ...options, help: HELP }).map(([option, description]) => ({
    left: `--${option}${description.value === undefined ? '' : ` ${description.value}`}`,
    right: description.help,
  }));
  const width = Math.max(...rows.map(({ left }) => left.length));
  const lines = rows.map(({ left, right }) => `  ${left.padEnd(width)}  ${right}`);
  return [`vouch ${name} ${usage}`, '', summary, '', ...lines, ''].join('\n');
}
