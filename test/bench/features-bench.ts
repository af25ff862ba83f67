/**
 * Features alone: the vector of each payment with six entities (account, creditor, card, device,
 * address and its network, merchant) and a posting for each, in one thread.
 *
 *     node test/bench/features-bench.ts [--payments 300000] [--accounts 20000] [--cacheMiB 1024] [--store memory|level]
 *
 * Microseconds are of processor time, so that a busy machine says the same. It does not measure the
 * making of keys in the pipeline (stated apart), LevelDB, or the rest of the pipeline.
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openLevelDbStateStore } from '#src/adapters/leveldb/leveldb-state-store.ts';
import { createMemoryStateStore } from '#src/adapters/memory/memory-state-store.ts';
import type { PaymentRequest } from '#src/domain/payment.ts';
import { DurableHistoryStage } from '#src/features/durable-history-stage.ts';
import { FEATURE_COUNT } from '#src/features/feature-catalogue.ts';
import { createEntityKeyer } from '#src/features/sip-entity-keyer.ts';
import { machineLine } from '#test/bench/machine.ts';
import { NO_LEDGER_FACTS } from '#src/ports/feature-stage.ts';
import { seededRandom } from '#test/support/seeded-random.ts';

const { values: options } = parseArgs({
  options: {
    payments: { type: 'string', default: '300000' },
    accounts: { type: 'string', default: '20000' },
    batch: { type: 'string', default: '1024' },
    cacheMiB: { type: 'string', default: '1024' },
    store: { type: 'string', default: 'memory' },
  },
});
const payments = Number(options.payments);
const accounts = Number(options.accounts);
const batch = Number(options.batch);
const DAYS = 30;
const MERCHANTS = 2_000;
const START_MS = Date.UTC(2026, 0, 1);

const random = seededRandom(1);
const below = (limit: number): number => Math.floor(random() * limit);
const keyer = createEntityKeyer({ key: new Uint8Array(16).fill(1) });

function requestAt(number: number, occurredAt: number): PaymentRequest {
  const customer = below(accounts);
  // A few merchants take most: the square of a uniform number.
  const merchant = Math.floor(random() ** 2 * MERCHANTS);
  return {
    facts: {
      id: `pay_${number}`,
      occurredAt,
      amount: 100 + below(20_000),
      asset: 'EUR',
      debtor: `customer:${customer}`,
      creditor: `merchant:${merchant}`,
      capture: 'automatic',
      channel: 'web',
      merchant: { id: `m_${merchant}`, category: '5732', country: 'DE' },
      card: { country: 'DE', funding: 'credit' },
    },
    personal: {
      cardId: `c_${customer}_${below(2)}`,
      device: {
        id: `d_${customer}`,
        timezone: 'Europe/Berlin',
        userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0',
      },
      ip: `203.${customer & 127}.${(customer >> 7) & 255}.${below(4)}`,
    },
  };
}

class Stopwatch {
  readonly micros: Record<string, number> = {};

  time<T>(stage: string, work: () => T): T {
    const before = process.cpuUsage();
    const result = work();
    const { user, system } = process.cpuUsage(before);
    this.micros[stage] = (this.micros[stage] ?? 0) + user + system;
    return result;
  }
}

const cacheBytes = Number(options.cacheMiB) * 1024 * 1024;
const folder = mkdtempSync(join(tmpdir(), 'features-bench-'));
const store = options.store === 'level' ? await openLevelDbStateStore(folder) : createMemoryStateStore();
const stage = new DurableHistoryStage({ store, cacheBytes, toReference: (amount) => amount });
const vectors = new Float32Array(batch * FEATURE_COUNT);
let watch = new Stopwatch();
const stepMs = (DAYS * 86_400_000) / payments;
let position = 0;
for (let done = 0; done < payments; done += batch) {
  // The first half fills the histories.
  if (done >= payments / 2 && done - batch < payments / 2) watch = new Stopwatch();
  const requests = Array.from({ length: batch }, (_, index) => {
    return requestAt(done + index, Math.floor(START_MS + (done + index) * stepMs));
  });
  const keys = watch.time('keys', () => requests.map((request) => keyer.ofPayment(request)));
  position++;
  stage.beginRow(position);
  const beforeLoad = process.cpuUsage();
  await stage.load(
    requests.map(({ facts: { occurredAt: featureTime, amount, asset } }, index) => {
      return { entityKeys: keys[index] ?? new Uint8Array(), featureTime, amount, asset };
    }),
  );
  const loading = process.cpuUsage(beforeLoad);
  watch.micros['load'] = (watch.micros['load'] ?? 0) + loading.user + loading.system;
  watch.time('observe', () => {
    for (const [index, request] of requests.entries()) {
      const { occurredAt } = request.facts;
      const entityKeys = keys[index] ?? new Uint8Array();
      const attempt = {
        request,
        entityKeys,
        featureTime: occurredAt,
        receivedAt: occurredAt,
        shardTime: occurredAt,
      };
      stage.observe(attempt, NO_LEDGER_FACTS, { values: vectors, offset: index * FEATURE_COUNT });
    }
  });
  watch.time('outcomes', () => {
    for (const [index, { facts }] of requests.entries()) {
      const { id: paymentId, occurredAt: featureTime, amount, asset } = facts;
      const entityKeys = keys[index] ?? new Uint8Array();
      stage.recordOutcome({
        origin: index,
        kind: 'posted',
        paymentId,
        entityKeys,
        featureTime,
        shardTime: featureTime,
        amount,
        asset,
      });
    }
  });
  const before = process.cpuUsage();
  await stage.writeSome(position);
  const { user, system } = process.cpuUsage(before);
  watch.micros['images'] = (watch.micros['images'] ?? 0) + user + system;
}

const measured = payments / 2;
console.log(
  `${machineLine()}; ${payments} payments, ${accounts} accounts, batches of ${batch}, ${FEATURE_COUNT} features`,
);
for (const [name, micros] of Object.entries(watch.micros))
  console.log(`${name.padEnd(10)} ${(micros / measured).toFixed(2)} microseconds a payment`);
const bytes = stage.bytesUsed / payments;
console.log(
  `${bytes.toFixed(0)} bytes of histories a payment; ${(2 ** 30 / bytes / (DAYS * 86_400)).toFixed(2)} payments/s sustained for 31 days in a GiB of memory`,
);
const began = performance.now();
await stage.writeAll();
await stage.close();
console.log(`written in full at the end in ${Math.round(performance.now() - began)} ms`);
if (options.store === 'level')
  console.log(`${Math.round(folderBytes(folder) / payments)} bytes of histories a payment on disk`);
rmSync(folder, { recursive: true });

function folderBytes(path: string): number {
  return readdirSync(path).reduce((bytes, name) => bytes + statSync(join(path, name)).size, 0);
}
