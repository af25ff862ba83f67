/** Names every single value of the configuration: its path in the file and its variable. */
import type { z } from 'zod';
import { configSchema } from './config-schema.ts';

export type KeyKind = 'text' | 'number' | 'flag' | 'list';

export interface ConfigKey {
  readonly path: readonly string[];
  /** `server.port` is `VOUCH_SERVER_PORT`, `outbound.allowPrivate` is `VOUCH_OUTBOUND_ALLOW_PRIVATE`. */
  readonly variable: string;
  readonly kind: KeyKind;
  readonly description: string;
  /** As the file would say it; undefined where there is none. */
  readonly fallback: string | undefined;
}

const PREFIX = 'VOUCH';

/** The keys with one value. Those with free names below them (`assets`, `sources`) are only in the file. */
export const CONFIG_KEYS: readonly ConfigKey[] = keysOf(configSchema.shape, []);

/** The sections of the file, as variables begin with them. */
export const SECTION_PREFIXES: readonly string[] = Object.entries(configSchema.shape)
  .filter(([, schema]) => kindOf(schema) === 'section')
  .map(([name]) => `${PREFIX}_${words(name)}_`);

function keysOf(shape: z.core.$ZodShape, above: readonly string[]): ConfigKey[] {
  return Object.entries(shape).flatMap(([name, schema]) => {
    const path = [...above, name];
    const kind = kindOf(schema);
    if (kind === 'section') return keysOf(sectionShape(schema), path);
    if (kind === 'record') return [];
    const variable = [PREFIX, ...path.map(words)].join('_');
    return [{ path, variable, kind, description: descriptionOf(schema), fallback: fallbackOf(schema) }];
  });
}

function words(name: string): string {
  return name.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();
}

function definitionOf(schema: z.core.$ZodType): z.core.$ZodTypes['_zod']['def'] {
  return (schema as z.core.$ZodTypes)._zod.def;
}

/** What stands behind defaults and absence. */
function inner(schema: z.core.$ZodType): z.core.$ZodType {
  const definition = definitionOf(schema);
  const wrapped =
    definition.type === 'default' || definition.type === 'optional' || definition.type === 'prefault';
  return wrapped ? inner(definition.innerType) : schema;
}

function kindOf(schema: z.core.$ZodType): KeyKind | 'section' | 'record' {
  const { type } = definitionOf(inner(schema));
  switch (type) {
    case 'object':
      return 'section';
    case 'record':
      return 'record';
    case 'number':
      return 'number';
    case 'boolean':
      return 'flag';
    case 'array':
      return 'list';
    // The only union is that of a secret, which a variable says as it is.
    case 'union':
    case 'string':
    case 'enum':
      return 'text';
    default:
      throw new Error(`the configuration uses "${type}", which no variable can say`);
  }
}

function sectionShape(schema: z.core.$ZodType): z.core.$ZodShape {
  const definition = definitionOf(inner(schema));
  return definition.type === 'object' ? definition.shape : {};
}

function fallbackOf(schema: z.core.$ZodType): string | undefined {
  const definition = definitionOf(schema);
  if (definition.type !== 'default') return undefined;
  const value: unknown = definition.defaultValue;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function descriptionOf(schema: z.core.$ZodType): string {
  return (schema as z.ZodType).description ?? '';
}
