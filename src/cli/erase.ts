/** `vouch erase`: what the log knows of one person's card, device, address or account goes out of it. */
import { parseSubject, runErase, type EraseReport } from '#src/erase.ts';
import {
  DATA_OPTION,
  EXIT_FAILED,
  EXIT_OK,
  flagOption,
  JSON_OPTION,
  requiredOption,
  UsageError,
} from './command.ts';
import type { CliCommand, CommandInput } from './command.ts';

export const erase: CliCommand = {
  name: 'erase',
  summary: 'Erases the personal data of one subject; facts, balances and the chain stay.',
  usage: '--data DIR --subject KIND:ID --reason TEXT [--json]',
  options: {
    data: DATA_OPTION,
    subject: { type: 'string', value: 'KIND:ID', help: 'card:ID, device:ID, ip:ADDRESS or account:ID' },
    reason: { type: 'string', value: 'TEXT', help: 'why, for the log; no personal data' },
    json: JSON_OPTION,
  },
  run: eraseSubject,
};

async function eraseSubject(input: CommandInput): Promise<number> {
  const text = requiredOption(input, 'subject');
  const subject = parseSubject(text);
  if (!subject)
    throw new UsageError(`--subject ${text} is none of card:ID, device:ID, ip:ADDRESS, account:ID`);
  const report = await runErase({
    dataFolder: requiredOption(input, 'data'),
    subject,
    reason: requiredOption(input, 'reason'),
    now: Date.now(),
  });
  process.stdout.write(flagOption(input, 'json') ? `${JSON.stringify(report)}\n` : inWords(report));
  return report.scrubbed ? EXIT_OK : EXIT_FAILED;
}

function inWords({ parts, scrubbed, standing }: EraseReport): string {
  const lines = [`${parts} personal parts are erased`];
  if (!scrubbed) lines.push('a reader was using the log, and a copy still stands beside it: run this again');
  for (const { list, id } of standing)
    lines.push(`entry ${id} of the ${list} list names the subject: remove it, then run this again`);
  return [...lines, ''].join('\n');
}
