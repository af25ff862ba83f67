import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { FieldDescription } from '#src/domain/encoding/codec.ts';
import { ledgerEvent } from '#src/domain/encoding/event-codec.ts';
import { shardMessage } from '#src/domain/encoding/shard-message-codec.ts';
import { commandRecord, personalContent, rowInputs } from '#src/domain/encoding/row-codec.ts';
import { readTable } from '#test/support/markdown-table.ts';

const PAGE = 'docs/events.md';

interface DocumentedField {
  readonly field: string;
  readonly type: string;
  readonly always: string;
}

function fieldsOf(fields: readonly FieldDescription[] = [], path = ''): DocumentedField[] {
  return fields.flatMap(({ name, type, optional, fields: inner }) => [
    { field: `\`${path}${name}\``, type, always: optional ? 'no' : 'yes' },
    ...fieldsOf(inner, `${path}${name}.`),
  ]);
}

function documented(heading: string): DocumentedField[] {
  return readTable(PAGE, heading).map(({ field = '', type = '', always = '', meaning = '' }) => {
    expect(meaning, `${heading} ${field}`).toMatch(/\.$/);
    return { field, type, always };
  });
}

describe('the page on events', () => {
  test.each(ledgerEvent.variants)('describes $type as it is written', ({ type, tag, fields, meaning }) => {
    expect(documented(`${type} (${tag})`)).toEqual(fieldsOf(fields));
    expect(readFileSync(PAGE, 'utf8')).toContain(meaning);
  });

  test('describes what records share, and their personal part', () => {
    expect(documented('Row inputs')).toEqual(fieldsOf(rowInputs.fields));
    expect(documented('Command record')).toEqual(fieldsOf(commandRecord.fields));
    expect(documented('Personal part')).toEqual(fieldsOf(personalContent.fields));
  });

  test.each(shardMessage.variants)('describes the message $type as it is written', (variant) => {
    const { type, tag, fields, meaning } = variant;
    expect(documented(`Message ${type} (${tag})`)).toEqual(fieldsOf(fields));
    expect(readFileSync(PAGE, 'utf8')).toContain(meaning);
  });

  test('has no event and no message that the code does not know', () => {
    const headings = [...readFileSync(PAGE, 'utf8').matchAll(/^## (\w+) \(\d+\)$/gm)].map(([, type]) => type);
    expect(headings).toEqual(ledgerEvent.variants.map(({ type }) => type));
    const messages = [...readFileSync(PAGE, 'utf8').matchAll(/^## Message (\w+) \(\d+\)$/gm)];
    expect(messages.map(([, type]) => type)).toEqual(shardMessage.variants.map(({ type }) => type));
  });
});
