import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SHORT_TEXT_LENGTH_MAX, ShortTexts } from '#src/domain/encoding/short-texts.ts';

const bytesOfTexts = fc.uint8Array({ maxLength: SHORT_TEXT_LENGTH_MAX });

test('a text is that of its bytes, whatever was read before it', () => {
  fc.assert(
    fc.property(fc.array(bytesOfTexts, { maxLength: 50 }), (texts) => {
      const known = new ShortTexts();
      for (const one of [...texts, ...texts]) {
        const bytes = Buffer.concat([Buffer.of(0), one, Buffer.of(0)]);
        expect(known.read(bytes, 1, one.length)).toBe(Buffer.from(one).toString('latin1'));
      }
    }),
  );
});

test('a text that falls together with another one takes its place and is read rightly', () => {
  const known = new ShortTexts();
  const texts = Array.from({ length: 17_000 }, (_, index) => `customer:${index}`);
  for (const text of [...texts, ...texts]) expect(known.read(Buffer.from(text), 0, text.length)).toBe(text);
});
