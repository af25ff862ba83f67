/** Drops the fields that were not sent: absent, undefined or null are one thing outside and nothing inside. */

type AbsentNames<Fields> = {
  [Name in keyof Fields]-?: Fields[Name] extends NonNullable<Fields[Name]> ? never : Name;
}[keyof Fields];

/** What may be absent is optional and is never null or undefined. */
export type Present<Fields> = {
  readonly [Name in Exclude<keyof Fields, AbsentNames<Fields>>]: Fields[Name];
} & {
  readonly [Name in AbsentNames<Fields>]?: NonNullable<Fields[Name]>;
};

export function present<Fields extends object>(fields: Fields): Present<Fields> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined && value !== null) kept[name] = value;
  }
  return kept as Present<Fields>;
}
