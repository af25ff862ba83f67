/** Takes from the records of a row what has to reach other shards together with it. */
import type { CommandEnvelope } from '#src/domain/commands.ts';
import type { CommandRecord, LedgerEvent } from '#src/domain/events.ts';
import type { MessageSent } from '#src/domain/saga-events.ts';
import { ByteWriter } from './byte-writer.ts';
import { commandEnvelope } from './command-codec.ts';
import type { PersonalParts } from './row-codec.ts';

export interface SealedMessage {
  /** Index of the shard that it is for. */
  readonly target: number;
  readonly sequence: number;
  /** The encoded envelope of a `ReceiveMessage`. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

interface Row {
  /** Index of the shard whose row it is. */
  readonly source: number;
  readonly records: readonly CommandRecord[];
  /** What the chain does not hold goes beside the message too, as long as it is not erased. */
  readonly personal: PersonalParts;
}

const writer = new ByteWriter();

/** In the order of their numbers for each target. A row read again gives the same messages again. */
export function outgoingMessages({ source, records, personal }: Row): SealedMessage[] {
  const sealed: SealedMessage[] = [];
  for (const [index, { events, actor, shardTime }] of records.entries()) {
    for (const event of events) {
      if (event.type !== 'MessageSent') continue;
      const { target, sequence, message } = event;
      const part = hasPersonalPart(event) ? personal.get(index) : undefined;
      const command = { type: 'ReceiveMessage', source, sequence, message } as const;
      const envelope: CommandEnvelope = {
        command: part ? { ...command, personal: { salt: part.salt, content: part.content } } : command,
        actor,
        receivedAt: shardTime,
      };
      writer.reset();
      commandEnvelope.write(writer, envelope);
      sealed.push({ target, sequence, bytes: writer.toBytes() });
    }
  }
  return sealed;
}

function hasPersonalPart({ message }: MessageSent): boolean {
  const fact: LedgerEvent | undefined = message.type === 'ShareFact' ? message.fact : undefined;
  return fact !== undefined && 'personalDigest' in fact;
}
