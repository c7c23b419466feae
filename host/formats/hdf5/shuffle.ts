/**
 * Undoes HDF5's shuffle filter (id 2): the first bytes of all elements, then the second bytes, ... become elements
 * again. Bytes beyond the last whole element stay where they are.
 */
export function unshuffle(input: Uint8Array, elementBytes: number): Uint8Array<ArrayBuffer> {
  const output = new Uint8Array(input);
  const elements = Math.floor(input.length / elementBytes);
  if (elementBytes < 2) return output;
  for (let byte = 0; byte < elementBytes; byte++)
    for (let i = 0, from = byte * elements; i < elements; i++)
      output[i * elementBytes + byte] = input[from + i];
  return output;
}
