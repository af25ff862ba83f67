import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { collectBody, isProblem } from '#src/adapters/http/read-body.ts';

const HEAD = 'POST / HTTP/1.1\r\nhost: x\r\n';

/** What a server makes of raw bytes, whose sender then says nothing more. */
async function collected(sent: string, secondsMax: number): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const server = createServer((request, response) => {
    collectBody(
      request,
      (bytes) => {
        resolve(isProblem(bytes) ? bytes.type : bytes.toString());
        response.end();
      },
      secondsMax,
    );
  }).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1', () => socket.write(HEAD + sent));
  const outcome = await promise;
  socket.destroy();
  server.close();
  return outcome;
}

test.each([
  ['announced bytes', 'content-length: 10\r\n\r\n12345'],
  ['chunks', 'transfer-encoding: chunked\r\n\r\n5\r\n12345\r\n'],
])('a body whose %s stop coming is given up at its deadline', async (_how, sent) => {
  expect(await collected(sent, 0.01)).toBe('too-slow');
});

test.each([
  ['announced bytes', 'content-length: 5\r\n\r\n12345'],
  ['chunks', 'transfer-encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\n\r\n'],
])('a body that is whole is taken, in %s', async (_how, sent) => {
  expect(await collected(sent, 60)).toBe('12345');
});
