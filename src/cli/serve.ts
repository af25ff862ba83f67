/** `vouch serve`: the service, until it is told to stop. */
import { once } from 'node:events';
import { startApp, type App } from '#src/app.ts';
import { appSettings } from '#src/app-settings.ts';
import { ROLES, serveCluster, type Role } from '#src/cluster/serve-cluster.ts';
import type { Config } from '#src/config/config-schema.ts';
import type { Logger } from '#src/observability/logger.ts';
import {
  DATA_OPTION,
  EXIT_FAILED,
  EXIT_OK,
  flagOption,
  JSON_OPTION,
  requiredOption,
  textOption,
  UsageError,
} from './command.ts';
import type { CliCommand, CommandInput } from './command.ts';
import { CONFIG_OPTION, configOf, OPEN_ACCOUNTS_OPTION } from './config-option.ts';

export const serve: CliCommand = {
  name: 'serve',
  summary: 'Runs the service; prints one line with its address when it is ready.',
  usage: '--data DIR [options]',
  options: {
    data: DATA_OPTION,
    config: CONFIG_OPTION,
    port: { type: 'string', value: 'N', help: 'the port, 0 for a free one (8080)' },
    host: { type: 'string', value: 'ADDRESS', help: 'the address to listen on (127.0.0.1)' },
    role: {
      type: 'string',
      value: 'ROLE',
      help: 'with brokers: api answers, worker decides, all does both (all)',
    },
    source: {
      type: 'string',
      value: 'kafka:TOPIC',
      help: 'with brokers: payments come by this topic as well',
    },
    auth: { type: 'string', value: 'off', help: 'off: everybody on this machine may do everything' },
    'open-accounts': OPEN_ACCOUNTS_OPTION,
    json: JSON_OPTION,
  },
  run: runServe,
};

async function runServe(input: CommandInput): Promise<number> {
  const auth = textOption(input, 'auth');
  if (auth !== undefined && auth !== 'off') throw new UsageError('--auth can only be off');
  const config = configOf(input);
  const role = roleOf(input, config);
  const sourceTopic = sourceOf(input, { config, role });
  const dataFolder = requiredOption(input, 'data');
  const settings = await appSettings({ config, dataFolder, auth: auth ?? 'tokens' });
  const app = config.cluster
    ? await serveCluster({ role, sourceTopic, cluster: config.cluster, app: settings })
    : await startApp(settings);
  // Before the line that says "ready": whoever reads it may send the signal at once.
  const toldToStop = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  announce(app, { json: flagOption(input, 'json'), auth: auth ?? 'tokens' });
  await toldToStop;
  await stopInTime(app, settings.log);
  return EXIT_OK;
}

/** Less than a process manager waits before it kills. */
const STOP_WITHIN_MS = 25_000;

/**
 * What cannot end in time, because its broker does not answer, is cut off: what was answered is durable.
 * So is what has ended and leaves a connection behind that keeps the process alive.
 */
async function stopInTime(app: Pick<App, 'stop'>, log: Logger): Promise<void> {
  let hasStopped = false;
  const cutOff = setTimeout(() => {
    log.error('the process did not end in time, and is cut off', { cause: 'stop' });
    process.exit(hasStopped ? EXIT_OK : EXIT_FAILED);
  }, STOP_WITHIN_MS);
  await app.stop();
  hasStopped = true;
  cutOff.unref();
}

/** @throws UsageError when a role is asked for and there are no brokers. */
function roleOf(input: CommandInput, { cluster }: Config): Role {
  const role = textOption(input, 'role');
  if (role === undefined) return 'all';
  const known = ROLES.find((each) => each === role);
  if (!known) throw new UsageError(`--role ${role} is not one of ${ROLES.join(', ')}`);
  if (!cluster)
    throw new UsageError('--role needs the section "cluster" of the configuration, which names the brokers');
  return known;
}

const SOURCE = /^kafka:([A-Za-z0-9._-]{1,200})$/;

/** @throws UsageError when it is not a topic, or nothing here could read it. */
function sourceOf(input: CommandInput, { config, role }: { config: Config; role: Role }): string | undefined {
  const source = textOption(input, 'source');
  if (source === undefined) return undefined;
  const topic = SOURCE.exec(source)?.[1];
  if (topic === undefined) throw new UsageError('--source must be kafka:TOPIC');
  if (!config.cluster)
    throw new UsageError(
      '--source needs the section "cluster" of the configuration, which names the brokers',
    );
  if (role === 'worker')
    throw new UsageError('--source is read by the roles api and all: a worker takes in nothing by itself');
  return topic;
}

function announce(
  { url, firstToken }: Pick<App, 'url' | 'firstToken'>,
  { json, auth }: { json: boolean; auth: 'tokens' | 'off' },
): void {
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
