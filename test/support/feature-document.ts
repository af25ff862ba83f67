/** `docs/features.md`, written from the catalogue. */
import type { FeatureDefinition, FeatureSource } from '#src/features/feature-definition.ts';
import { FEATURE_COUNT, featureHash, FEATURES } from '#src/features/feature-catalogue.ts';

const INTRODUCTION = `# Features

Written from \`src/features/feature-catalogue.ts\`; a test fails when the two differ, and \`npx vitest run test/docs/features.test.ts -u\` writes it again.

There are ${FEATURE_COUNT}, in this order, each a float32. The hash of the catalogue, \`${featureHash()}\`, stands in each model and each decision.

## What they are computed from

Each payment is an **attempt** at every entity that it names: the debtor's account, the creditor, the card, the device, the address (IPv4 as it is, IPv6 by /64) and its network (/24, /48), the merchant, the e-mail, the BIN. The vector is computed from what was there before; then the attempt is added, whatever becomes of it.

- **Windows** are \`(t - W, t]\` in feature time, over attempts that stand before this one in the log; the payment itself is excluded. Payments of one instant see each other, a late payment does not see newer ones. Feature time is the earlier of \`occurredAt\` and the arrival, and never more than a day behind the newest of the stream.
- **Outcomes** (posted, denied, rejected, reversed, declined by the issuer, labelled fraud) count from a minute after they happened by the shard's clock, in windows \`(s - W, s - 1 min]\` of shard time. A batch spans less than that minute, so no value depends on how commands were cut into batches. A payment counts as labelled fraud from its first such label on, until one says that it is legitimate or that the dispute was won.
- **A label that is taken back** leaves every count and window from a minute later on, and the trust that it took comes back. A legitimate label on an entity takes back those on the entity itself, not those on its payments. Where all labels that stand are older than 30 days, the last of all says how long ago. What the two of a pair were to each other begins again with the payment. A saturated history subtracts from its windows at the moment of taking back, and keeps labels on the entity itself in them.
- **Trust** is built only from payments posted at least a day ago and not labelled fraud. Each capture counts as a posting. A label on a payment made more than 30 days before it is taken to be on a posted one, and so is one that is taken back after 31 days. A pair with a label of fraud in 30 days that stands is not known.
- **Amounts** are in the reference currency's minor units, up to ${2 ** 33 - 1}; what is more counts as that. Up to there all sums, and the sums of squares, are exact.
- **The ledger's facts** are the debtor's account as it stands before the payment, in the account's own asset.

## When there is no value

Three numbers, none of them near any value and none of them zero: *not sent* (the payment does not carry what is needed), *no history* (there is nothing yet to compute it from), *unreadable* (it is there and cannot be read, as an amount without an exchange rate).

## Busy entities

An entity with 1,024 attempts or more within 31 days is **saturated**, from then on for good. Windows that reach behind its newest 1,024 attempts then count by tiles of a sixtieth of the window, every tile that they touch: up to a sixtieth too much, never too little. A tile is kept until the newest attempt is 96 tiles ahead. Different values are counted among the newest 1,024 attempts. Outcomes count by tiles that ended a minute ago or earlier. Serving, replay and the brute-force oracle of the tests have this one definition.
`;

const TITLES: Readonly<Record<FeatureSource, string>> = {
  payment: "The payment's own fields",
  ledger: "The ledger's own facts",
  attempts: 'Velocity: attempts',
  outcomes: 'What became of earlier attempts',
  trust: 'Trust and habits',
  signals: 'Signals',
};

export function featureDocument(): string {
  const sections = (Object.keys(TITLES) as FeatureSource[]).map((source) => sectionOf(source));
  return `${[INTRODUCTION, ...sections].join('\n')}`;
}

function sectionOf(source: FeatureSource): string {
  const rows = FEATURES.flatMap((feature, index) =>
    feature.source === source ? [rowOf(feature, index)] : [],
  );
  return `## ${TITLES[source]}\n\n| place | name | unit | meaning | no value |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
}

function rowOf({ name, unit, meaning, ...missing }: FeatureDefinition, index: number): string {
  const kinds = [
    ['not sent', missing.notSentWhen],
    ['no history', missing.noHistoryWhen],
    ['unreadable', missing.unreadableWhen],
  ].flatMap(([kind, when]) => (when === undefined ? [] : [`${kind}: ${when}`]));
  return `| ${index} | \`${name}\` | ${unit} | ${meaning} | ${kinds.join('; ')} |`;
}
