/** Making and revoking tokens while the server runs; the table in memory follows what the log took. */
import { createAccessToken, TOKEN_SECRET_BYTES } from '#src/ingest/access/access-token.ts';
import { bodyReader } from '#src/ingest/body-reader.ts';
import { tokenSchema } from '#src/ingest/bodies/token-body.ts';
import { commandReader } from '#src/ingest/command-reader.ts';
import type { CommandCall } from './command-call.ts';
import type { HttpDeps } from './http-deps.ts';
import { problemReply, valueReply } from './http-reply.ts';
import type { Route } from './route.ts';

export function tokenRoutes(
  { tokens, newId, randomBytes }: HttpDeps,
  commands: CommandCall,
): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/tokens',
      summary: 'Makes a token; it is shown in this answer and never again',
      scopes: ['admin'],
      body: { schema: tokenSchema, contentType: 'application/json' },
      answers: { 201: 'The token' },
      async handle(call) {
        const { token, digest } = createAccessToken(randomBytes(TOKEN_SECRET_BYTES));
        const reader = commandReader(bodyReader(tokenSchema), ({ name, scopes }) => ({
          type: 'CreateToken',
          tokenId: newId(),
          name,
          digest,
          scopes,
        }));
        const outcome = await commands.run(call, reader, '');
        if (!outcome.ok) return problemReply(outcome.problem);
        if (outcome.command.type !== 'CreateToken') throw new Error('a token was read as something else');
        if (tokens !== 'off') tokens.add(outcome.command);
        const { tokenId: id, name, scopes } = outcome.command;
        return valueReply(201, { id, name, scopes, token });
      },
    },
    {
      method: 'DELETE',
      path: '/v1/tokens/{id}',
      summary: 'Revokes a token',
      scopes: ['admin'],
      answers: { 200: 'The token is not valid any more' },
      async handle({ params, principal }) {
        const id = params['id'] ?? '';
        const outcome = await commands.submit({ type: 'RevokeToken', tokenId: id }, principal);
        if (!outcome.ok) return problemReply(outcome.problem);
        if (tokens !== 'off') tokens.revoke(id);
        return valueReply(200, { id, revoked: true });
      },
    },
  ];
}
