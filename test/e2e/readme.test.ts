import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startServer } from '#test/support/crash/server-process.ts';
import type { ServerProcess } from '#test/support/server-process.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '#test/support/temporary-folder.ts';
import { readProjectFile } from '#test/tidy/source-tree.ts';

const readme = readProjectFile('README.md');
const PaymentReply = z.object({
  id: z.string(),
  status: z.string(),
  decision: z.object({ outcome: z.string(), reasons: z.array(z.object({ code: z.string() })) }),
});

describe('what the README shows', () => {
  let folder: TemporaryFolder;
  let server: ServerProcess;

  beforeAll(async () => {
    folder = await makeTemporaryFolder();
    server = await startServer(folder.path);
  });

  afterAll(async () => {
    await server.terminate();
    await folder.remove();
  });

  test('happens: of the cards tried on one device the last is denied, for the reason shown first', () => {
    const script = /^for n in [\s\S]+?^done$/m
      .exec(readme)?.[0]
      .replaceAll('http://127.0.0.1:8080', server.url);
    const output = execFileSync('bash', ['-c', script ?? 'false'], { encoding: 'utf8' });
    const replies = output
      .trim()
      .split('\n')
      .map((line) => PaymentReply.parse(JSON.parse(line)));
    expect(replies).toHaveLength(8);
    expect(replies.at(-1)).toMatchObject({ status: 'denied', decision: { outcome: 'deny' } });
    const [shown] = [...readme.matchAll(/"code": "(\w+)"/g)].map(([, code]) => code);
    expect(replies.at(-1)?.decision.reasons[0]?.code).toBe(shown);
  });
});
