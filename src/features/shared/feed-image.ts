/**
 * What a shard knows of an entity when it has folded its log up to one record, as bytes that stand in the
 * place of those records: the history, exactly as it is in memory, and the fingerprints by which later
 * records are known to be repetitions. Whoever begins with it folds the same values from then on, to the bit.
 *
 * Words: of the history, then of the fingerprints, how many of each; then both.
 */
import type { HistoryImages } from '#src/features/history/history-image.ts';
import { imageIn, type PackedImage } from './log-shape.ts';
import type { RecentRecords } from './recent-records.ts';
import { packWords, unpackWords } from './sparse-words.ts';

export interface FeedImage {
  readonly history: Uint8Array;
  readonly recent: Uint32Array;
}

export function takeFeedImage(images: HistoryImages, history: number, recent: RecentRecords): PackedImage {
  const head = images.takeWhole(history);
  const prints = recent.words();
  const headWords = head.length / 4;
  const words = new Uint32Array(2 + headWords + prints.length);
  words[0] = headWords;
  words[1] = prints.length;
  words.set(new Uint32Array(head.buffer, head.byteOffset, headWords), 2);
  words.set(prints, 2 + headWords);
  return { bytes: packWords(words), words: words.length };
}

/** Of a log's beginning with its whole head; undefined when the log was never compacted. */
export function readFeedImage(log: Uint8Array): FeedImage | undefined {
  const image = imageIn(log);
  if (!image) return undefined;
  const words = unpackWords(image.bytes, image.words);
  const historyEnd = 2 + (words[0] ?? 0);
  const history = words.slice(2, historyEnd);
  return {
    history: new Uint8Array(history.buffer),
    recent: words.slice(historyEnd, historyEnd + (words[1] ?? 0)),
  };
}
