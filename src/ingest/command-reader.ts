/**
 * Turns parsed request bodies into commands.
 *
 * Owns: what stands between a body and its command: validation, canonical form and digest, sealing of
 * personal data, keys of entities. Leaves to others: parsing, tokens, sending the command on.
 */
import { z } from 'zod';
import type { AssetTable } from '#src/domain/asset.ts';
import type { Command } from '#src/domain/commands.ts';
import type { EntityKeyer } from '#src/ports/entity-keyer.ts';
import { instantUntil } from './bodies/fields.ts';
import type { instant } from './bodies/fields.ts';
import type { BodyReader, ReadResult } from './body-reader.ts';
import type { DrawSalt } from './seal-personal.ts';

export interface CommandReaderDeps {
  readonly assets: AssetTable;
  /** The service's clock, milliseconds since 1970. */
  readonly now: () => number;
  /** How far ahead of the clock the time of something that happened may be. */
  readonly aheadSecondsMax: number;
  readonly entityKeys: EntityKeyer;
  readonly drawSalt: DrawSalt;
  /** A fresh unique id, for what the sender does not name. */
  readonly newId: () => string;
}

/** Reads one kind of body; `target` is the id in the path, where the route has one. */
export interface CommandReader {
  readonly schema: z.ZodObject;
  readonly read: (body: unknown, target: string) => ReadResult<Command>;
}

export function commandReader<Content>(
  body: BodyReader<Content>,
  toCommand: (content: Content, target: string) => Command,
): CommandReader {
  function read(sent: unknown, target: string): ReadResult<Command> {
    const result = body.read(sent);
    return result.ok ? { ok: true, content: toCommand(result.content, target) } : result;
  }
  return { schema: body.schema, read };
}

/** ISO 4217 or one that the configuration adds. */
export function assetField(assets: AssetTable): z.ZodString {
  return z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,16}$/, 'must be the code of an asset')
    .refine((code) => assets.has(code), 'must be a code of ISO 4217 or an asset that the configuration adds');
}

/** The time of something that has happened: not later than a little ahead of the clock. */
export function pastInstant({ now, aheadSecondsMax }: CommandReaderDeps): typeof instant {
  const latest = () => now() + aheadSecondsMax * 1000;
  return instantUntil(latest, `must not be more than ${aheadSecondsMax} seconds ahead of the server's clock`);
}
