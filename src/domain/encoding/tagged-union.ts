/** A value of one of several records, told apart by its `type`; on the wire by a stable number. */
import type { Codec, FieldDescription } from './codec.ts';

interface Variant<T = unknown> {
  readonly tag: number;
  readonly meaning: string;
  readonly codec: Codec<T>;
}

export interface VariantDescription {
  readonly tag: number;
  readonly type: string;
  readonly meaning: string;
  readonly fields: readonly FieldDescription[];
}

interface Typed {
  readonly type: string;
}

/** The body of a variant: everything but its `type`, which the tag carries. */
export type BodyOf<U extends Typed, Type extends U['type']> = Omit<
  Extract<U, { readonly type: Type }>,
  'type'
>;

export type Variants<U extends Typed> = {
  readonly [Type in U['type']]: Variant<BodyOf<U, Type>>;
};

export function taggedUnion<U extends Typed>(
  name: string,
  variants: Variants<U>,
): Codec<U> & { readonly variants: readonly VariantDescription[] } {
  const byType = new Map<string, Variant>(Object.entries(variants));
  const byTag = indexByTag(name, byType);
  return {
    type: name,
    variants: [...byType].map(([type, { tag, meaning, codec }]) => ({
      tag,
      type,
      meaning,
      fields: codec.fields ?? [],
    })),
    write: (writer, value) => {
      const variant = byType.get(value.type);
      if (!variant) throw new TypeError(`${value.type} is not a ${name}`);
      writer.byte(variant.tag);
      variant.codec.write(writer, value);
    },
    read: (reader) => {
      const tag = reader.byte();
      const found = byTag.get(tag) ?? reader.fail(`${name} with the unknown number ${tag}`);
      return { type: found.type, ...(found.codec.read(reader) as object) } as U;
    },
  };
}

function indexByTag(name: string, byType: ReadonlyMap<string, Variant>) {
  const byTag = new Map<number, { readonly type: string; readonly codec: Codec<unknown> }>();
  for (const [type, { tag, codec }] of byType) {
    if (byTag.has(tag)) throw new TypeError(`${name} ${type} takes the number of another: ${tag}`);
    byTag.set(tag, { type, codec });
  }
  return byTag;
}
