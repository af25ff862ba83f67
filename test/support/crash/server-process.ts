/** The service itself in a process of its own, which can be killed. */
import {
  startServerProcess,
  type ServerProcess,
  type ServerProcessOptions,
} from '#test/support/server-process.ts';

export interface ServerOptions extends ServerProcessOptions {
  /** Further words of the command line. */
  readonly parameters?: readonly string[];
}

export function startServer(
  dataFolder: string,
  { parameters: more = [], logFile }: ServerOptions = {},
): Promise<ServerProcess> {
  const parameters = [
    'src/main.ts',
    'serve',
    '--data',
    dataFolder,
    '--port',
    '0',
    '--auth',
    'off',
    '--open-accounts',
    '--json',
    ...more,
  ];
  return startServerProcess(parameters, { logFile });
}
