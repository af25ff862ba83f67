#!/usr/bin/env node
/**
 * Starts Vouch on a Node.js that can run it. Plain JavaScript of an old kind, so that any Node gets as
 * far as the sentence that says what to do. Where the project's own Node is installed beside it, a
 * runtime that is too old hands over to that one.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const NODE_MAJOR_MIN = 24;
const entry = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const ownNode = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));
const major = Number(process.versions.node.split('.')[0]);

if (major >= NODE_MAJOR_MIN) {
  await import('../src/main.ts');
} else if (existsSync(ownNode)) {
  handOver();
} else {
  console.error(
    `vouch needs Node.js ${NODE_MAJOR_MIN} or newer and this is ${process.version}: run "npm install" in its folder, which brings one.`,
  );
  process.exitCode = 2;
}

function handOver() {
  const child = spawn(ownNode, [entry, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143);
  });
}
