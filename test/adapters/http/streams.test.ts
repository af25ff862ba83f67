import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { FlowGate } from '#src/adapters/http/flow-gate.ts';
import { createHttpServer } from '#src/adapters/http/http-server.ts';
import type { LogPage } from '#src/ports/ledger-queries.ts';
import type { EventView } from '#src/ports/ledger-views.ts';
import { fullPaymentBody } from '#test/support/payment-bodies.ts';
import { httpHarness } from '#test/support/http-harness.ts';
import type { HarnessOptions, HttpHarness } from '#test/support/http-harness.ts';

let http: HttpHarness;
const open = async (options?: HarnessOptions) => {
  http = await httpHarness(options);
};
afterEach(() => http.close());

const payment = (id: string, fields: object = {}) => JSON.stringify({ ...fullPaymentBody(), id, ...fields });
const authorization = () => `Bearer ${http.token}`;

async function sendLines(lines: readonly string[]) {
  const headers = { 'content-type': 'application/x-ndjson' };
  const answer = await http.send('POST', '/v1/payments/batch', { body: lines.join('\n'), headers });
  return {
    ...answer,
    lines: answer.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

describe('a batch of payments', () => {
  it('is answered line by line in order, and a bad line stops nothing', async () => {
    await open();
    const { status, headers, lines } = await sendLines([
      payment('b1'),
      '',
      'not json',
      payment('b2', { amount: -1 }),
      payment('b3', { amount: 19 }),
      `"${'x'.repeat(70_000)}"`,
      payment('b1'),
      payment('b4'),
    ]);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/x-ndjson');
    expect(lines.map((line) => line['id'] ?? [line['status'], line['line']])).toEqual([
      'b1',
      [400, 3],
      [422, 4],
      'b3',
      [413, 6],
      'b1',
      'b4',
    ]);
    expect(lines.at(3)).toMatchObject({ status: 'denied' });
  });

  it('of thousands keeps its order', async () => {
    await open();
    const ids = Array.from({ length: 1500 }, (_, index) => `many_${index}`);
    const { lines } = await sendLines(
      ids.map(
        (id) =>
          `{"id":"${id}","occurredAt":"2026-11-24T10:15:30Z","amount":10,"asset":"EUR","debtor":"a","creditor":"b"}`,
      ),
    );
    expect(lines.map((line) => line['id'])).toEqual(ids);
  });

  it('needs its content type', async () => {
    await open();
    expect((await http.send('POST', '/v1/payments/batch', { body: payment('x') })).status).toBe(415);
  });
});

describe('back-pressure', () => {
  it('turns away what comes above the limit, and takes it again once there is room', async () => {
    await open({ limits: { inFlightMax: 2 } });
    http.service.hold();
    const body = (id: string) => ({ body: payment(id) });
    const waiting = [
      http.send('POST', '/v1/payments', body('p1')),
      http.send('POST', '/v1/payments', body('p2')),
    ];
    while (http.service.waiting < 2) await new Promise((resolve) => setImmediate(resolve));
    const turnedAway = await http.send('POST', '/v1/payments', body('p3'));
    expect(turnedAway.status).toBe(503);
    expect(turnedAway.headers.get('retry-after')).toBe('1');
    expect((await http.send('POST', '/v1/accounts', { body: { id: 'a', asset: 'EUR' } })).status).toBe(503);
    expect((await http.send('GET', '/readyz')).body).toEqual({ ready: false, reasons: ['overloaded'] });
    http.service.release();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([201, 201]);
    expect((await http.send('POST', '/v1/payments', body('p3'))).status).toBe(201);
  });
});

describe('the gate', () => {
  it('closes by bytes as well as by number, and opens again', () => {
    const gate = new FlowGate(1000);
    for (let bodies = 0; bodies < 1024; bodies += 2) gate.enter(2 * 65_536);
    expect(gate.closedBy).toBe('overloaded');
    gate.leave(2 * 65_536);
    expect(gate.closedBy).toBeUndefined();
  });
});

describe('a stop', () => {
  it('answers what was taken in, then closes', async () => {
    await open();
    http.service.hold();
    const waiting = http.send('POST', '/v1/payments', { body: payment('last') });
    while (http.service.waiting < 1) await new Promise((resolve) => setImmediate(resolve));
    const closed = http.close();
    await expect(http.send('GET', '/healthz')).rejects.toThrow('fetch failed');
    http.service.release();
    expect((await waiting).status).toBe(201);
    await closed;
  });
});

/** A log that has always another page, of a MiB. */
function endlessEvents(): Promise<LogPage<EventView>> {
  const event = { type: 'AccountClosed', account: 'a', reason: 'r'.repeat(2 ** 20) } as const;
  const item = { position: 1, index: 0, input: 1, at: 0, actor: 'token:test', cause: 'CloseAccount', event };
  return Promise.resolve({ items: [item], cursors: ['log.1'], next: 'log.1' });
}

/** The events of a stream, as they come. */
async function* eventsOf(path: string, headers: Record<string, string> = {}, signal?: AbortSignal) {
  const response = await fetch(http.url + path, {
    headers: { authorization: authorization(), accept: 'text/event-stream', ...headers },
    ...(signal && { signal }),
  });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString();
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      const [, id = '', data = '{}'] = /^id: (.*)\ndata: (.*)$/s.exec(part) ?? [];
      if (id !== '') yield { id, type: (JSON.parse(data) as { event: { type: string } }).event.type };
    }
  }
}

describe('the stream of events', () => {
  it('begins where the client was and goes on as events come', async () => {
    await open();
    await http.send('POST', '/v1/accounts', { body: { id: 'a', asset: 'EUR' } });
    const stop = new AbortController();
    const stream = eventsOf('/v1/events', {}, stop.signal);
    const first = (await stream.next()).value;
    expect(first?.type).toBe('AccountOpened');
    const next = stream.next();
    await http.send('POST', '/v1/accounts', { body: { id: 'b', asset: 'EUR' } });
    expect((await next).value?.type).toBe('AccountOpened');
    stop.abort();

    const again = eventsOf('/v1/events', { 'last-event-id': first?.id ?? '' });
    expect((await again.next()).value?.id).not.toBe(first?.id);
    await again.return(undefined);
  });

  it('ends when the server stops', async () => {
    await open();
    await http.send('POST', '/v1/accounts', { body: { id: 'a', asset: 'EUR' } });
    const stream = eventsOf('/v1/events');
    await stream.next();
    const end = stream.next();
    await http.close();
    expect((await end).done).toBe(true);
  });

  it('from a cursor that is none is a problem, not a stream', async () => {
    await open();
    const headers = { accept: 'text/event-stream', 'last-event-id': 'elsewhere' };
    expect((await http.send('GET', '/v1/events', { headers })).status).toBe(422);
  });

  it('cuts off a client that does not read', async () => {
    await open();
    const server = createHttpServer({
      ...http.deps,
      queries: { ...http.service.queries, events: endlessEvents },
      metrics: { ...http.deps.metrics, watch: () => undefined },
      limits: { ...http.deps.limits, slowReaderSeconds: 0.02 },
    });
    const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
    const head = `GET /v1/events HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization()}\r\n`;
    const socket = connect({ host: '127.0.0.1', port }, () =>
      socket.write(`${head}accept: text/event-stream\r\n\r\n`),
    );
    socket.pause();
    const metrics = async () => (await http.send('GET', '/metrics')).text;
    await expect.poll(metrics, { timeout: 60_000 }).toContain('vouch_http_slow_readers_total 1');
    socket.destroy();
    await server.close();
  });

  it('is also there in pages', async () => {
    await open();
    await http.send('POST', '/v1/accounts', { body: { id: 'a', asset: 'EUR' } });
    const { body } = await http.send('GET', '/v1/events?limit=1');
    expect(body['events']).toHaveLength(1);
    const rest = await http.send('GET', `/v1/events?after=${String(body['next'])}`);
    expect(rest.body['events']).toEqual([]);
    expect(rest.body['next']).toBe(body['next']);
    expect((await http.send('GET', '/v1/journal')).body).toEqual({ transactions: [], next: 'log.0' });
  });
});

/** What the server says to raw bytes. */
function sendRaw(text: string): Promise<string> {
  const { port, hostname } = new URL(http.url);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(text));
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString()));
  socket.on('close', () => resolve(answer));
  socket.on('error', reject);
  return promise;
}

describe('a client that goes away', () => {
  it.each([
    ['in the middle of a body', 'POST /v1/payments', 'content-length: 500\r\n\r\n{"id":'],
    [
      'in the middle of a line',
      'POST /v1/payments/batch',
      'content-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"id"\r\n',
    ],
    ['while it follows the log', 'GET /v1/events', 'accept: text/event-stream\r\n\r\n'],
  ])('%s disturbs nobody', async (_when, line, rest) => {
    await open();
    const { port, hostname } = new URL(http.url);
    const head = `${line} HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization()}\r\n`;
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(head + rest));
    await expect.poll(() => socket.bytesWritten).toBeGreaterThan(head.length);
    socket.destroy();
    await http.send('POST', '/v1/accounts', { body: { id: 'a', asset: 'EUR' } });
    expect((await http.send('POST', '/v1/payments', { body: payment('after') })).status).toBe(201);
  });
});

describe('broken requests', () => {
  it('get a problem and a closed connection', async () => {
    await open();
    expect(await sendRaw('HELLO\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*\/problems\/bad-request/s);
    const long = `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`;
    expect(await sendRaw(long)).toMatch(/^HTTP\/1\.1 431 .*\/problems\/headers-too-large/s);
  });

  it('that announce too much are answered before it is read', async () => {
    await open();
    const head = `POST /v1/payments HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization()}\r\ncontent-length: 70000\r\n\r\n`;
    expect(await sendRaw(head)).toMatch(/^HTTP\/1\.1 413 /);
  });
});
