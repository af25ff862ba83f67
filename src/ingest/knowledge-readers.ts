/** Reads the bodies of what is known beside payments: signals, labels, list entries, exchange rates. */
import type { EntityKeyer } from '#src/ports/entity-keyer.ts';
import { canonicalListValue } from '#src/domain/list-entry.ts';
import type { ListName } from '#src/domain/list-entry.ts';
import { labelSchema, signalSchema } from './bodies/label-bodies.ts';
import { listEntrySchema } from './bodies/list-entry-body.ts';
import { ratesSchema } from './bodies/rates-body.ts';
import { digestBody } from './body-digest.ts';
import { bodyReader } from './body-reader.ts';
import { assetField, commandReader, pastInstant } from './command-reader.ts';
import type { CommandReader, CommandReaderDeps } from './command-reader.ts';
import { labelCheck, listEntryCheck } from './cross-checks.ts';
import { instantMs } from './instant.ts';
import { present } from './present.ts';
import { sealPersonal } from './seal-personal.ts';

export interface KnowledgeReaders {
  readonly signal: CommandReader;
  readonly label: CommandReader;
  readonly blockEntry: CommandReader;
  readonly allowEntry: CommandReader;
  readonly rates: CommandReader;
}

export function knowledgeReaders(deps: CommandReaderDeps): KnowledgeReaders {
  return {
    signal: signalReader(deps),
    label: labelReader(deps),
    blockEntry: listEntryReader('block', deps),
    allowEntry: listEntryReader('allow', deps),
    rates: commandReader(bodyReader(ratesSchema(assetField(deps.assets))), ({ date, base, rates }) => ({
      type: 'RecordRates',
      date,
      base,
      rates,
    })),
  };
}

function signalReader(deps: CommandReaderDeps): CommandReader {
  const body = bodyReader(signalSchema(pastInstant(deps)));
  return commandReader(body, (content) => {
    const named = present({ device: content.device, ip: content.ip });
    const personal = Object.keys(named).length > 0 ? sealPersonal(named, deps.drawSalt) : undefined;
    return {
      type: 'RecordSignal',
      signalId: content.id,
      kind: content.type,
      occurredAt: instantMs(content.occurredAt),
      account: content.account,
      bodyDigest: digestBody(body.write(content)),
      entityKeys: deps.entityKeys.ofSignal({ account: content.account, ...named }),
      ...present({ personal }),
    };
  });
}

function labelReader(deps: CommandReaderDeps): CommandReader {
  const body = bodyReader(labelSchema(pastInstant(deps)), labelCheck);
  return commandReader(body, (content) => {
    const { paymentId, label, kind, source, state, reference, observedAt } = content;
    return {
      type: 'RecordLabel',
      labelId: content.id,
      label,
      source,
      observedAt: instantMs(observedAt),
      bodyDigest: digestBody(body.write(content)),
      ...present({ paymentId, kind, state, reference }),
      ...labelledEntity(content.entity ?? undefined, deps),
    };
  });
}

type LabelledEntity = { readonly kind: Parameters<EntityKeyer['ofEntity']>[0]; readonly id: string };

/** The id of a labelled entity is personal; its kind and its key are not. */
function labelledEntity(entity: LabelledEntity | undefined, { entityKeys, drawSalt }: CommandReaderDeps) {
  if (entity === undefined) return { entityKeys: new Uint8Array(0) };
  return {
    entityKind: entity.kind,
    entityKeys: entityKeys.ofEntity(entity.kind, entity.id),
    personal: sealPersonal({ entity: entity.id }, drawSalt),
  };
}

function listEntryReader(list: ListName, { newId, drawSalt }: CommandReaderDeps): CommandReader {
  const body = bodyReader(listEntrySchema, listEntryCheck(list));
  return commandReader(body, ({ kind, value, reason, expiresAt }) => ({
    type: 'AddListEntry',
    entryId: newId(),
    list,
    kind,
    reason,
    ...(expiresAt !== undefined && { expiresAt: instantMs(expiresAt) }),
    personal: sealPersonal({ entity: canonicalListValue(kind, value) ?? value }, drawSalt),
  }));
}
