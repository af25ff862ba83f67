/** Copies of a file with one thing wrong in each. */

export function withByteFlipped(bytes: Uint8Array, offset: number, mask = 0xff): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[offset] = (copy[offset] ?? 0) ^ mask;
  return copy;
}

/** Where `needle` stands in `bytes`, all places. */
export function placesOf(bytes: Uint8Array, needle: Uint8Array): readonly number[] {
  const haystack = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const places: number[] = [];
  for (let at = haystack.indexOf(needle); at !== -1; at = haystack.indexOf(needle, at + 1)) places.push(at);
  return places;
}
