import { describe, expect, it } from 'vitest';
import { createLogger } from '#src/observability/logger.ts';

function capture() {
  const lines: string[] = [];
  return { lines, log: createLogger('debug', { write: (line) => void lines.push(line) }) };
}

describe('the log', () => {
  it('writes one JSON object a line, with the fields that it knows', () => {
    const { lines, log } = capture();
    log.info('payment decided', { paymentId: 'pay_1', position: 7 });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      msg: 'payment decided',
      paymentId: 'pay_1',
      position: 7,
    });
  });

  it('writes nothing that it does not know, whatever is passed', () => {
    const { lines, log } = capture();
    const smuggled = {
      paymentId: 'pay_1',
      cardId: 'c_9f2',
      authorization: 'Bearer vouch_x',
      ip: '203.0.113.7',
    };
    log.warn('odd', smuggled);
    expect(lines.join('')).not.toMatch(/c_9f2|vouch_x|203\.0/);
  });

  it('writes of an error where it happened, not what it says', () => {
    const { lines, log } = capture();
    log.error('failed', { error: new TypeError('cannot read 4242424242424242') });
    expect(lines.join('')).not.toContain('4242');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ error: { name: 'TypeError' } });
    expect(lines.join('')).toContain('logger.test.ts');
  });
});
