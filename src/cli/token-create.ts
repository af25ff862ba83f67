/** `vouch token create`: a token for a program or a person, shown once. */
import { randomBytes, randomUUID } from 'node:crypto';
import { createAccessToken, TOKEN_SECRET_BYTES } from '#src/ingest/access/access-token.ts';
import { isScope, SCOPES } from '#src/ingest/access/scope.ts';
import { DATA_OPTION, EXIT_OK, flagOption, JSON_OPTION, requiredOption, UsageError } from './command.ts';
import type { CliCommand, CommandInput } from './command.ts';
import { CONFIG_OPTION, configOf } from './config-option.ts';
import { withShard } from './with-shard.ts';

export const tokenCreate: CliCommand = {
  name: 'token create',
  summary: 'Makes an API token and shows it once; a running server makes them at POST /v1/tokens.',
  usage: '--data DIR --name NAME --scope SCOPE [--scope SCOPE …] [--json]',
  options: {
    data: DATA_OPTION,
    config: CONFIG_OPTION,
    name: { type: 'string', value: 'NAME', help: 'who or what it is for' },
    scope: { type: 'string', multiple: true, value: 'SCOPE', help: SCOPES.join(', ') },
    json: JSON_OPTION,
  },
  run: createToken,
};

async function createToken(input: CommandInput): Promise<number> {
  const name = requiredOption(input, 'name');
  const scopes = scopesOf(input);
  const { token, digest } = createAccessToken(randomBytes(TOKEN_SECRET_BYTES));
  const command = { type: 'CreateToken', tokenId: randomUUID(), name, digest, scopes } as const;
  await withShard(configOf(input), requiredOption(input, 'data'), ({ shard }) =>
    shard.ask({ command, actor: 'system', receivedAt: Date.now() }),
  );
  const made = flagOption(input, 'json') ? JSON.stringify({ token, id: command.tokenId }) : token;
  process.stdout.write(`${made}\n`);
  return EXIT_OK;
}

function scopesOf({ options }: CommandInput): readonly string[] {
  const given = options['scope'];
  const scopes = (Array.isArray(given) ? given : []).map(String);
  if (scopes.length === 0) throw new UsageError(`--scope is missing: one of ${SCOPES.join(', ')}`);
  for (const scope of scopes) {
    if (!isScope(scope)) throw new UsageError(`--scope ${scope} is not one of ${SCOPES.join(', ')}`);
  }
  return scopes;
}
