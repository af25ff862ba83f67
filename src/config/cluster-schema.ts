/** What the distributed deployment needs to know; without the section the ledger lives in one process. */
import { z } from 'zod';
import { path, secret } from './config-values.ts';
import { redisSchema } from './redis-schema.ts';

const PARTITIONS_MAX = 256;
const REPLICATION_MAX = 9;
const BROKER = /^[A-Za-z0-9._-]+:\d{1,5}$/;
/** 16 bytes, as `openssl rand -hex 16` writes them. */
export const ENTITY_KEY = /^[0-9a-f]{32}$/i;

const wholeNumber = (most: number) =>
  z.int('must be a whole number').min(1, 'must be at least 1').max(most, `must be at most ${most}`);

const tls = z
  .strictObject({
    on: z.boolean('must be true or false').default(false).describe('Whether brokers are reached by TLS'),
    caFile: path
      .optional()
      .describe('Certificates of the authorities to trust, PEM; without it the usual ones'),
    certFile: path.optional().describe("This client's certificate, PEM, where brokers ask for one"),
    keyFile: path.optional().describe("This client's key, PEM"),
  })
  .prefault({});

const sasl = z.strictObject({
  mechanism: z
    .enum(['scram-sha-256', 'scram-sha-512'], 'must be scram-sha-256 or scram-sha-512')
    .default('scram-sha-512')
    .describe('How this client proves who it is to brokers'),
  username: z.string().min(1, 'must not be empty').describe('Name at the brokers'),
  password: secret.describe('Password at the brokers'),
});

const MINUTES_MAX = 10_080;

const checkpoints = z
  .strictObject({
    folder: path
      .optional()
      .describe('A folder that all workers have mounted, for copies of what they have of each shard'),
    everyMinutes: wholeNumber(MINUTES_MAX).default(60).describe('How often such copies are made'),
  })
  .prefault({});

export const clusterSchema = z.strictObject({
  brokers: z
    .array(z.string().regex(BROKER, 'must be host:port'))
    .min(1, 'must name a broker')
    .describe('Brokers to begin with, host:port; in a variable separated by commas'),
  prefix: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 of A-Z a-z 0-9 _ -')
    .default('vouch')
    .describe("What the names of the ledger's topics and groups begin with"),
  partitions: wholeNumber(PARTITIONS_MAX)
    .default(2)
    .describe('Shards of the ledger; fixed when its topics are made'),
  replication: wholeNumber(REPLICATION_MAX).default(1).describe('Copies of each topic when it is made'),
  entityKey: secret.describe(
    'Key of the hashes by which histories know entities: 32 hexadecimal digits, the same for all processes',
  ),
  tls,
  sasl: sasl.optional(),
  redis: redisSchema.optional(),
  checkpoints,
});
