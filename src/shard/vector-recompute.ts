/**
 * Computes the vectors of a log again, row by row, and compares them with those that were scored (F5).
 * Where the personal part of a payment is erased its keys are not known: it is counted apart, and so is
 * whatever differs behind the first such row, because its histories may lack what was erased.
 */
import { assetTable, type AssetTable } from '#src/domain/asset.ts';
import type { LedgerEvent, PaymentReceived } from '#src/domain/events.ts';
import type { RatesRecorded } from '#src/domain/shared-fact.ts';
import type { LedgerState } from '#src/domain/ledger/ledger-state.ts';
import type { PersonalContent } from '#src/domain/personal-part.ts';
import type { EntityKeyer } from '#src/ports/entity-keyer.ts';
import type { ComingAttempt, FeatureStage } from '#src/ports/feature-stage.ts';
import { ledgerFacts } from './ledger-facts.ts';
import { OutcomeFeed } from './outcome-feed.ts';
import { entityKeysOf } from './recovery.ts';
import { referenceAmount } from './reference-amount.ts';
import type { ToReference } from './open-shard.ts';
import type { AppliedContext } from './shard-state.ts';

export interface VectorCounts {
  /** Vectors that were computed again. */
  vectors: number;
  mismatches: number;
  /** Payments whose vector cannot be computed again. */
  erased: number;
  /** Differences behind the first erased payment. */
  afterErasure: number;
}

export interface VectorMismatch {
  readonly position: number;
  readonly paymentId: string;
  /** Index in the catalogue. */
  readonly feature: number;
  readonly stored: number | undefined;
  readonly computed: number | undefined;
}

/** Enough to see a pattern. */
const MISMATCHES_KEPT = 10;

export interface VectorRecomputeDeps {
  readonly ledger: LedgerState;
  readonly keyer: EntityKeyer;
  readonly openFeatures: (toReference: ToReference) => FeatureStage;
}

export class VectorRecompute {
  readonly counts: VectorCounts = { vectors: 0, mismatches: 0, erased: 0, afterErasure: 0 };
  readonly mismatches: VectorMismatch[] = [];
  readonly #deps: VectorRecomputeDeps;
  readonly #features: FeatureStage;
  readonly #feed: OutcomeFeed;
  readonly #vector: Float32Array;
  #assets: AssetTable = assetTable();
  #rates: RatesRecorded | undefined;

  constructor(deps: VectorRecomputeDeps) {
    this.#deps = deps;
    this.#features = deps.openFeatures((amount, asset) =>
      referenceAmount(this.#rates, this.#assets, { amount, asset }),
    );
    this.#feed = new OutcomeFeed(deps.ledger, this.#features);
    this.#vector = new Float32Array(this.#features.featureCount);
  }

  keysOf(events: readonly LedgerEvent[], personal: PersonalContent | undefined): Uint8Array {
    return entityKeysOf(events, personal, this.#deps.keyer);
  }

  /** Before the records of a row. */
  beginRow(attempts: readonly ComingAttempt[]): Promise<void> {
    return this.#features.load(attempts);
  }

  /** Before the events of a record change the ledger. */
  observe(events: readonly LedgerEvent[], context: AppliedContext): void {
    const received = events.find((event) => event.type === 'PaymentReceived');
    if (!received) return;
    const { entityKeys, shardTime, personal } = context;
    const { facts, featureTime, receivedAt } = received;
    const attempt = {
      request: { facts, personal: personal?.payment ?? {} },
      entityKeys,
      featureTime,
      receivedAt,
      shardTime,
    };
    const before = ledgerFacts(this.#deps.ledger, facts);
    this.#features.observe(attempt, before, { values: this.#vector, offset: 0 });
    if (isErased(received, context)) this.counts.erased++;
    else this.#compare(events, context);
  }

  /** After an event has changed the ledger. */
  tell(event: LedgerEvent, context: AppliedContext): void {
    if (event.type === 'LedgerOpened') this.#assets = assetTable(event.assets);
    if (event.type === 'RatesRecorded') this.#rates = event;
    this.#feed.tell(event, context);
  }

  #compare(events: readonly LedgerEvent[], { position }: AppliedContext): void {
    const decided = events.find((event) => event.type === 'PaymentDecided' && event.vector !== undefined);
    if (decided?.type !== 'PaymentDecided' || !decided.vector) return;
    this.counts.vectors++;
    const { vector, paymentId } = decided;
    const feature = firstDifference(vector, this.#vector);
    if (feature < 0) return;
    if (this.counts.erased > 0) this.counts.afterErasure++;
    else this.counts.mismatches++;
    if (this.mismatches.length === MISMATCHES_KEPT) return;
    this.mismatches.push({
      position,
      paymentId,
      feature,
      stored: vector[feature],
      computed: this.#vector[feature],
    });
  }
}

function isErased({ personalDigest }: PaymentReceived, { personal }: AppliedContext): boolean {
  return personalDigest !== undefined && personal === undefined;
}

/** -1 when they are equal. */
function firstDifference(left: Float32Array, right: Float32Array): number {
  if (left.length !== right.length) return Math.min(left.length, right.length);
  return left.findIndex((value, index) => value !== right[index]);
}
