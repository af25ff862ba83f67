/** Where the shards of a cluster share the histories of entities; without it each counts by itself. */
import { z } from 'zod';
import { path, secret } from './config-values.ts';

const NODE = /^[A-Za-z0-9._-]+:\d{1,5}$/;
const ANSWER_MS_MAX = 60_000;

const tls = z
  .strictObject({
    on: z.boolean('must be true or false').default(false).describe('Whether Redis is reached by TLS'),
    caFile: path
      .optional()
      .describe('Certificates of the authorities to trust, PEM; without it the usual ones'),
    certFile: path.optional().describe("This client's certificate, PEM, where Redis asks for one"),
    keyFile: path.optional().describe("This client's key, PEM"),
  })
  .prefault({});

export const redisSchema = z.strictObject({
  nodes: z
    .array(z.string().regex(NODE, 'must be host:port'))
    .min(1, 'must name a server')
    .describe(
      'The server, host:port; of a Redis Cluster some of its nodes, in a variable separated by commas',
    ),
  cluster: z.boolean('must be true or false').default(false).describe('Whether it is a Redis Cluster'),
  username: z.string().min(1, 'must not be empty').optional().describe('Name of the ACL user'),
  password: secret.optional().describe('Password of the user'),
  answerMs: z
    .int('must be a whole number')
    .min(10, 'must be at least 10')
    .max(ANSWER_MS_MAX, `must be at most ${ANSWER_MS_MAX}`)
    .default(500)
    .describe('Within which Redis answers; beyond it decisions are taken without histories'),
  tls,
});
