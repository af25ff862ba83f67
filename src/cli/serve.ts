/** `vouch serve`: the service, until it is told to stop. */
import { once } from 'node:events';
import { startApp, type App } from '#src/app.ts';
import { serveSettings } from '#src/app-settings.ts';
import {
  DATA_OPTION,
  EXIT_OK,
  flagOption,
  JSON_OPTION,
  requiredOption,
  textOption,
  UsageError,
} from './command.ts';
import type { CliCommand, CommandInput } from './command.ts';

export const serve: CliCommand = {
  name: 'serve',
  summary: 'Runs the service; prints one line with its address when it is ready.',
  usage: '--data DIR [options]',
  options: {
    data: DATA_OPTION,
    port: { type: 'string', value: 'N', help: 'the port, 0 for a free one (8080)' },
    host: { type: 'string', value: 'ADDRESS', help: 'the address to listen on (127.0.0.1)' },
    auth: { type: 'string', value: 'off', help: 'off: everybody on this machine may do everything' },
    'open-accounts': { type: 'boolean', help: 'open accounts when a payment first names them' },
    model: {
      type: 'string',
      value: 'NAME@VERSION',
      help: 'the released model that scores (the newest that ships)',
    },
    policy: { type: 'string', value: 'FILE', help: 'the policy (the one that ships with the model)' },
    json: JSON_OPTION,
  },
  run: runServe,
};

async function runServe(input: CommandInput): Promise<number> {
  const auth = textOption(input, 'auth');
  if (auth !== undefined && auth !== 'off') throw new UsageError('--auth can only be off');
  const app = await startApp(
    await serveSettings({
      dataFolder: requiredOption(input, 'data'),
      host: textOption(input, 'host') ?? '127.0.0.1',
      port: portOption(input),
      auth: auth ?? 'tokens',
      openAccounts: flagOption(input, 'open-accounts'),
      model: textOption(input, 'model'),
      policyFile: textOption(input, 'policy'),
    }),
  );
  announce(app, { json: flagOption(input, 'json'), auth: auth ?? 'tokens' });
  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  await app.stop();
  return EXIT_OK;
}

function portOption(input: CommandInput): number {
  const text = textOption(input, 'port') ?? '8080';
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new UsageError(`--port ${text} is not a port: use 0 to 65535`);
  return port;
}

function announce({ url, firstToken }: App, { json, auth }: { json: boolean; auth: 'tokens' | 'off' }): void {
  const { pid } = process;
  if (json) {
    const token = firstToken === undefined ? {} : { token: firstToken };
    process.stdout.write(`${JSON.stringify({ url, pid, ...token })}\n`);
    return;
  }
  process.stdout.write(`vouch listening on ${url} pid ${pid}\n`);
  if (firstToken !== undefined) process.stdout.write(`admin token, shown only now: ${firstToken}\n`);
  if (auth === 'off') process.stdout.write('tokens are off: everybody on this machine may do everything\n');
}
