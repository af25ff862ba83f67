/**
 * What `vouch.yaml` may say. Every key is optional, has a default that works on a laptop, and says here
 * what it means; `docs/configuration.md` is held against this.
 */
import { z } from 'zod';
import { clusterSchema } from './cluster-schema.ts';
import { path, secret } from './config-values.ts';

const PORT_MAX = 65_535;
const EXPONENT_MAX = 12;

const port = z
  .int('must be a whole number')
  .min(0, 'must be from 0 to 65535')
  .max(PORT_MAX, 'must be from 0 to 65535');
const countUpTo = (most: number) =>
  z.int('must be a whole number').min(1, 'must be at least 1').max(most, `must be at most ${most}`);

const server = z
  .strictObject({
    host: path.default('127.0.0.1').describe('Address to listen on; without tokens only loopback'),
    port: port.default(8080).describe('Port to listen on; 0 takes a free one'),
    inFlightMax: countUpTo(65_536)
      .default(8192)
      .describe('Commands that may wait for their answer; what comes above is turned away with 503'),
    requestsPerSecond: countUpTo(1_000_000)
      .optional()
      .describe(
        'Requests that each token may make in a second, a batch counting once; more are answered 429',
      ),
    connectionsMax: countUpTo(100_000)
      .default(2000)
      .describe('Open connections; each may hold 64 KiB while its body is read'),
    idleSeconds: countUpTo(3600)
      .default(75)
      .describe('A connection on which nothing moves for so long is closed'),
    slowReaderSeconds: countUpTo(3600)
      .default(15)
      .describe('A client of a stream that does not read for so long is cut off'),
    aheadSeconds: z
      .int('must be a whole number')
      .min(0, 'must not be negative')
      .max(86_400, 'must be at most 86400')
      .default(300)
      .describe("How far ahead of the server's clock the time of a payment may be"),
    metricsToken: secret
      .optional()
      .describe('A token for /metrics alone, for a Prometheus on another machine'),
  })
  .prefault({});

const accounts = z
  .strictObject({
    open: z
      .enum(['never', 'onFirstUse'], 'must be never or onFirstUse')
      .default('never')
      .describe(
        'Whether unknown accounts are opened when first named: debtors may overdraw, creditors may not',
      ),
  })
  .prefault({});

const scoring = z
  .strictObject({
    backend: z
      .enum(['wasm', 'node'], 'must be wasm or node')
      .default('wasm')
      .describe('What multiplies: WebAssembly, whose scores do not depend on the batch, or tfjs-node'),
    model: z
      .string()
      .regex(/^[A-Za-z0-9_.-]+@[A-Za-z0-9_.-]+$/, 'must be name@version')
      .optional()
      .describe('The released model to begin with; without it the newest one'),
  })
  .prefault({});

const memory = z
  .strictObject({
    cacheMiB: countUpTo(1_048_576)
      .default(512)
      .describe('Memory for histories, accounts and payments in use; what does not fit is read from disk'),
  })
  .prefault({});

const log = z
  .strictObject({
    level: z
      .enum(['debug', 'info', 'warn', 'error', 'silent'], 'must be debug, info, warn, error or silent')
      .default('info')
      .describe('The least that is written to the log on stderr'),
  })
  .prefault({});

const outbound = z
  .strictObject({
    allowPrivate: z
      .boolean('must be true or false')
      .default(false)
      .describe('Whether webhooks may go to loopback and private addresses'),
  })
  .prefault({});

/** No provider needs more than two at once: the one in force and the one that follows or precedes it. */
const SECRETS_MAX = 2;

const source = z.strictObject({
  kind: z.enum(['stripe', 'adyen', 'standard', 'pacs008'], 'must be stripe, adyen, standard or pacs008'),
  secrets: z
    .array(secret)
    .min(1, 'must hold a secret')
    .max(SECRETS_MAX, `must hold at most ${SECRETS_MAX} secrets`),
  debtor: path.optional(),
  creditor: path.optional(),
  merchant: z.record(z.string(), z.string()).optional(),
  openAccounts: z.boolean('must be true or false').default(false),
});

export const configSchema = z.strictObject({
  server,
  policy: path.optional().describe('The policy file; without it the one that ships with the model'),
  accounts,
  assets: z
    .record(
      z.string().regex(/^[A-Z0-9_.-]{1,16}$/, 'must be 1 to 16 of A-Z 0-9 _ . -'),
      z.int('must be a whole number').min(0, 'must not be negative').max(EXPONENT_MAX, 'must be at most 12'),
    )
    .default({})
    .describe('Assets beside ISO 4217, each with the decimals of its minor unit'),
  scoring,
  memory,
  log,
  outbound,
  cluster: clusterSchema.optional(),
  sources: z
    .record(z.string().regex(/^[a-z0-9-]{1,64}$/, 'must be 1 to 64 of a-z 0-9 -'), source)
    .default({})
    .describe('Providers whose webhooks come in; checked, and not used before those are there'),
});

/** What the file says after defaults, secrets still where they stand. */
export type WrittenConfig = z.output<typeof configSchema>;
type WrittenSource = WrittenConfig['sources'][string];

export type Source = Omit<WrittenSource, 'secrets'> & { readonly secrets: readonly string[] };

type WrittenCluster = NonNullable<WrittenConfig['cluster']>;

/** Secrets are read. */
export type ClusterConfig = Omit<WrittenCluster, 'entityKey' | 'sasl' | 'redis'> & {
  /** 32 hexadecimal digits. */
  readonly entityKey: string;
  readonly sasl?: Omit<NonNullable<WrittenCluster['sasl']>, 'password'> & { readonly password: string };
  readonly redis?: RedisConfig;
};

export type RedisConfig = Omit<NonNullable<WrittenCluster['redis']>, 'password'> & {
  readonly password?: string;
};

/** What the service runs with; frozen. */
export type Config = Omit<WrittenConfig, 'sources' | 'cluster' | 'server'> & {
  readonly server: Omit<WrittenConfig['server'], 'metricsToken'> & { readonly metricsToken?: string };
  readonly sources: Readonly<Record<string, Source>>;
  readonly cluster?: ClusterConfig;
};
