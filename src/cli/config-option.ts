/** The configuration as a command gets it: the file, the environment, then what its own options say. */
import { loadConfig } from '#src/config.ts';
import type { Config } from '#src/config/config-schema.ts';
import { flagOption, textOption, UsageError, type CommandInput, type OptionDescription } from './command.ts';

export const CONFIG_OPTION: OptionDescription = {
  type: 'string',
  value: 'FILE',
  help: 'the configuration, such as vouch.yaml',
};
export const OPEN_ACCOUNTS_OPTION: OptionDescription = {
  type: 'boolean',
  help: 'open accounts when they are first named: debtors may overdraw, creditors may not',
};

/** @throws UsageError or ConfigError that says what is wrong and where. */
export function configOf(input: CommandInput): Config {
  const file = textOption(input, 'config');
  const config = loadConfig(file === undefined ? {} : { file });
  const host = textOption(input, 'host') ?? config.server.host;
  const accounts = flagOption(input, 'open-accounts') ? ({ open: 'onFirstUse' } as const) : config.accounts;
  return { ...config, accounts, server: { ...config.server, host, port: portOf(input, config) } };
}

function portOf(input: CommandInput, config: Config): number {
  const text = textOption(input, 'port');
  if (text === undefined) return config.server.port;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new UsageError(`--port ${text} is not a port: use 0 to 65535`);
  return port;
}
