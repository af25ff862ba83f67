/** Numbers of 32 bits of which many are 0: a byte says which of the next eight are not, and those follow. */

const GROUP = 8;

export function packWords(words: Uint32Array): Uint8Array {
  const groups = Math.ceil(words.length / GROUP);
  const packed = new Uint8Array(groups + words.length * 4);
  const source = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
  let to = 0;
  for (let group = 0; group < groups; group++) {
    const maskAt = to++;
    let mask = 0;
    for (let bit = 0; bit < GROUP; bit++) {
      const word = group * GROUP + bit;
      if ((words[word] ?? 0) === 0) continue;
      mask |= 1 << bit;
      for (let byte = 0; byte < 4; byte++) packed[to++] = source[word * 4 + byte] ?? 0;
    }
    packed[maskAt] = mask;
  }
  return packed.subarray(0, to);
}

/** `count` words, as `packWords` packed them. */
export function unpackWords(packed: Uint8Array, count: number): Uint32Array {
  const words = new Uint32Array(count);
  const target = new Uint8Array(words.buffer);
  let from = 0;
  for (let first = 0; first < count; first += GROUP) {
    const mask = packed[from++] ?? 0;
    for (let bit = 0; bit < GROUP && first + bit < count; bit++) {
      if ((mask & (1 << bit)) === 0) continue;
      for (let byte = 0; byte < 4; byte++) target[(first + bit) * 4 + byte] = packed[from++] ?? 0;
    }
  }
  return words;
}
