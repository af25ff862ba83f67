/**
 * Starts TensorFlow.js on its WASM backend, once for a thread. One thread of its own: beside a busy
 * pipeline more of them cost more than they give.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

const WASM_FILE = '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm';
const CRASH_EVENTS = ['uncaughtException', 'unhandledRejection'] as const;

/**
 * Loading adds Emscripten's own crash listeners, after which every crash of the process would end
 * with exit code 7 and without a word from us: the listeners that were added are taken away again.
 */
async function withoutCrashListeners(load: () => Promise<unknown>): Promise<void> {
  const before = CRASH_EVENTS.map((event) => new Set(process.rawListeners(event)));
  await load();
  CRASH_EVENTS.forEach((event, place) => {
    for (const listener of process.rawListeners(event)) {
      if (before[place]?.has(listener) !== true) process.removeListener(event, listener as () => void);
    }
  });
}

async function start(): Promise<void> {
  const folder = path.dirname(createRequire(import.meta.url).resolve(WASM_FILE));
  setWasmPaths(`${folder}${path.sep}`);
  setThreadsCount(1);
  await withoutCrashListeners(() => tf.setBackend('wasm'));
  if (tf.getBackend() !== 'wasm') throw new Error('the WASM backend of TensorFlow.js did not start');
}

let started: Promise<void> | undefined;

export function startWasmBackend(): Promise<void> {
  started ??= start();
  return started;
}
