/** Bodies that are nearly right: an example in which a field or two was changed, dropped or added. */
import fc from 'fast-check';

const NASTY = fc.constantFrom<unknown>(
  null,
  '',
  '0',
  '4242424242424242',
  'a\u0000b',
  '\ud800',
  '2026-11-24T10:15:30+02:00',
  '::ffff:1.2.3.4',
  -0,
  Number.POSITIVE_INFINITY,
  2 ** 53,
  0.5,
  true,
  [],
  {},
  { id: 'x' },
  { constructor: 'x' },
);

const values = fc.oneof(NASTY, fc.jsonValue({ maxDepth: 3 }));

/** JSON text, so that what only a parser can make (`__proto__`, 1e400) comes as it would come. */
export function damagedBodies(example: object): fc.Arbitrary<string> {
  const names = fc.oneof(
    fc.constantFrom(...Object.keys(example), 'card', 'device', 'metadata', 'scores', '__proto__', 'toString'),
    fc.string({ maxLength: 8 }),
  );
  const changes = fc.array(fc.tuple(names, fc.option(values, { nil: undefined })), {
    minLength: 1,
    maxLength: 3,
  });
  return changes.map((list) => {
    const members = new Map<string, unknown>(Object.entries(example));
    for (const [name, value] of list) members.set(name, value);
    const written = [...members].filter(([, value]) => value !== undefined).map(memberText);
    return `{${written.join(',')}}`;
  });
}

function memberText([name, value]: readonly [string, unknown]): string {
  const text = value === Infinity ? '1e400' : Object.is(value, -0) ? '-0' : JSON.stringify(value);
  return `${JSON.stringify(name)}:${text}`;
}
