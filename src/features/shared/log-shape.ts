/**
 * How an entity's shared log stands in its store: records behind each other or, once it has been compacted,
 * a head in the place of its first records.
 *
 * | bytes of the head | what |
 * |---|---|
 * | 0–3 | 15 where a record has its kind, the versions of the head (bits 4–7) and of the history in it |
 * | 4–7 | generation: how often the log has been compacted |
 * | 8–15 | records that the image has taken in |
 * | 16–19, 20–23 | bytes of the image, of the whole head |
 * | 24–27 | bytes of the log when it was compacted |
 * | 28–31, 32–39 | the generation that its time window began with, and when, ms since 1970 |
 * | 40–43 | words of the image before zeros were left out |
 * | 48– | the image (`feed-image.ts`), then zeros |
 *
 * **A length says its generation.** All that is appended is a whole number of records, and a head has as
 * many bytes more than that as its generation says, modulo 48. So who appends or reads to the end knows
 * by the length alone that the log has been compacted meanwhile. That holds for 47 compactions: there are
 * no more than 46 in an hour, and who knows nothing newer of a log looks at its head.
 */
import { IMAGE_VERSION } from '#src/features/history/history-image.ts';
import { EntityLogError, RECORD_BYTES } from '#src/ports/entity-log-store.ts';

export interface LogShape {
  readonly generation: number;
  /** Number of the first record behind the head. */
  readonly base: number;
  readonly headBytes: number;
  readonly compactedBytes: number;
  readonly windowGeneration: number;
  readonly windowBeganAt: number;
}

/** For how long what is known of a log can be checked by a length. */
export const LENGTH_TELLS_MS = 3_600_000;
/** In each window of that time; two windows may touch it. */
const COMPACTIONS_IN_WINDOW = 23;
/** Before its image. */
export const HEAD_BYTES = RECORD_BYTES;
const HEAD_KIND = 0xf;
const KIND_MASK = 0xf;
/** 2: lists grow by a half or a third, and the room that an image says is counted in such steps. */
const VERSION = 2;
const VERSION_SHIFT = 4;
const MARK = HEAD_KIND | (VERSION << VERSION_SHIFT) | (IMAGE_VERSION << 8);
const HALF = 2 ** 32;
export const PLAIN_LOG: LogShape = {
  generation: 0,
  base: 0,
  headBytes: 0,
  compactedBytes: 0,
  windowGeneration: 0,
  windowBeganAt: 0,
};

/** Where in the log a record begins. */
export function offsetOf({ base, headBytes }: LogShape, sequence: number): number {
  return headBytes + (sequence - base) * RECORD_BYTES;
}

export function isOfShape({ generation }: LogShape, lengthBytes: number): boolean {
  return lengthBytes % RECORD_BYTES === generation % RECORD_BYTES;
}

/** Whether that can be all of a log: the same one from its beginning to its end. */
export function isWholeLog(log: Uint8Array): boolean {
  const shape = readShape(log);
  return log.length >= shape.headBytes && isOfShape(shape, log.length);
}

/** Records of a log of that length, those that its image has taken in included. */
export function recordsIn({ base, headBytes }: LogShape, lengthBytes: number): number {
  return base + Math.floor((lengthBytes - headBytes) / RECORD_BYTES);
}

/**
 * Of a log's beginning; a log that is empty is plain.
 * @throws EntityLogError when it is neither a head nor a record that is known here.
 */
export function readShape(log: Uint8Array): LogShape {
  if (log.length === 0 || ((log[0] ?? 0) & KIND_MASK) !== HEAD_KIND) return PLAIN_LOG;
  const words = headWords(log);
  if (words[0] !== MARK)
    throw new EntityLogError('unsuitable', 'a shared history was compacted by another version');
  return {
    generation: words[1] ?? 0,
    base: (words[2] ?? 0) + (words[3] ?? 0) * HALF,
    headBytes: words[5] ?? 0,
    compactedBytes: words[6] ?? 0,
    windowGeneration: words[7] ?? 0,
    windowBeganAt: (words[8] ?? 0) + (words[9] ?? 0) * HALF,
  };
}

export interface PackedImage {
  readonly bytes: Uint8Array;
  /** Words before zeros were left out. */
  readonly words: number;
}

/** Undefined for a plain log. The log has its whole head. */
export function imageIn(log: Uint8Array): PackedImage | undefined {
  if (readShape(log) === PLAIN_LOG) return undefined;
  const words = headWords(log);
  return { bytes: log.subarray(HEAD_BYTES, HEAD_BYTES + (words[4] ?? 0)), words: words[10] ?? 0 };
}

/** The shape that the log has after another compaction at `now`; undefined when there have been enough. */
export function nextWindow(
  { generation, windowGeneration, windowBeganAt }: LogShape,
  now: number,
): Pick<LogShape, 'windowGeneration' | 'windowBeganAt'> | undefined {
  if (now >= windowBeganAt + LENGTH_TELLS_MS) return { windowGeneration: generation, windowBeganAt: now };
  if (generation + 1 - windowGeneration > COMPACTIONS_IN_WINDOW) return undefined;
  return { windowGeneration, windowBeganAt };
}

/** How long a head with such an image is. */
export function headBytesFor(imageBytes: number, generation: number): number {
  const records = Math.ceil((HEAD_BYTES + imageBytes) / RECORD_BYTES) * RECORD_BYTES;
  return records + (generation % RECORD_BYTES);
}

export function writeHead(shape: LogShape, image: PackedImage): Uint8Array {
  const words = new Uint32Array(HEAD_BYTES / 4);
  words[0] = MARK;
  words[1] = shape.generation;
  words[2] = shape.base % HALF;
  words[3] = Math.floor(shape.base / HALF);
  words[4] = image.bytes.length;
  words[5] = shape.headBytes;
  words[6] = shape.compactedBytes;
  words[7] = shape.windowGeneration;
  words[8] = shape.windowBeganAt % HALF;
  words[9] = Math.floor(shape.windowBeganAt / HALF);
  words[10] = image.words;
  const head = new Uint8Array(shape.headBytes);
  head.set(new Uint8Array(words.buffer));
  head.set(image.bytes, HEAD_BYTES);
  return head;
}

function headWords(log: Uint8Array): Uint32Array {
  const head = new Uint8Array(HEAD_BYTES);
  head.set(log.subarray(0, HEAD_BYTES));
  return new Uint32Array(head.buffer);
}
