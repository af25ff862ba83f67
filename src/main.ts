/** The program's entry: runs the command that was asked for and ends with its exit code. */
import { COMMANDS } from './cli/commands.ts';
import { runCommandLine } from './cli/command-line.ts';

process.exitCode = await runCommandLine(COMMANDS, process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(`${text}\n`),
});
