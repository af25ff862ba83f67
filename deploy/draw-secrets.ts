/**
 * Draws the secrets that all processes of a ledger share, where they are missing: the key by which
 * histories know entities, and the token by which Prometheus reads metrics. Never draws one anew: with
 * another key every customer would be a new one.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = secretsFolder();

draw('entity.key', randomBytes(16).toString('hex'));
draw('metrics.token', randomBytes(32).toString('base64url'));

function draw(name: string, secret: string): void {
  const file = join(folder, name);
  if (existsSync(file)) return;
  // Read by processes with other users; the volume itself is mounted only where it is needed.
  writeFileSync(file, secret, { mode: 0o644, flag: 'wx' });
  console.log(`drawn: ${file}`);
}

function secretsFolder(): string {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error('usage: node draw-secrets.ts FOLDER');
  return folder;
}
