/** Whether servers can be trusted with histories, and which they are. */
import { createHash } from 'node:crypto';
import { EntityLogError } from '#src/ports/entity-log-store.ts';

/** `SET … NX GET`, by which payment ids are claimed, came with 7.0. */
const VERSION_LEAST = 7;
const POLICY = 'noeviction';

/**
 * Another digest for other servers, and for the same ones after a restart: whoever takes over may lack
 * what was appended last.
 * @throws EntityLogError
 */
export function checkServers(servers: readonly string[]): string {
  if (servers.length === 0) throw new EntityLogError('unreachable', 'Redis: no server takes writes');
  const runs = servers.map((info) => checkServer(fieldsOf(info)));
  return createHash('sha256').update(runs.toSorted().join('\n')).digest('hex').slice(0, 16);
}

function checkServer(field: ReadonlyMap<string, string>): string {
  const version = field.get('redis_version') ?? 'unknown';
  if (!(Number.parseInt(version, 10) >= VERSION_LEAST))
    throw new EntityLogError('unsuitable', `Redis ${version}: version ${VERSION_LEAST}.0 or newer is needed`);
  if (field.get('role') !== 'master')
    throw new EntityLogError('readOnly', 'Redis: the server is a replica, which takes no writes');
  const policy = field.get('maxmemory_policy') ?? 'unknown';
  if (policy !== POLICY)
    throw new EntityLogError(
      'unsuitable',
      `Redis: maxmemory-policy is ${policy} and has to be ${POLICY}, or histories would disappear unnoticed`,
    );
  const run = field.get('run_id');
  if (run === undefined) throw new EntityLogError('unsuitable', 'Redis: INFO names no run_id');
  return run;
}

function fieldsOf(info: string): ReadonlyMap<string, string> {
  return new Map(
    info.split('\r\n').flatMap((line) => {
      const colon = line.indexOf(':');
      return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1)] as const];
    }),
  );
}
