// Tables of `dasLateral`: when each block of eight lateral neighbours hears each element and each transmit, and by how much the
// eight differ. Made once per plan, from float64.
import { ENTRY_BYTES } from "./das-lateral";

/** A transmit does not reach a pixel: see `limitToBeam`. */
const REACHED: f64 = -1e8;

/**
 * Entries of one row of blocks, in order of blocks and, within them, of transmits; none where a transmit does not reach a block or
 * all its echoes lie outside samples 0 to `last`.
 * delays   [block of 4 pixels][transmit][4] float32, samples: see delays.ts
 * spans    see `receiveSpans`
 * rowBytes from one transmit's row of an element to the next one's
 * entries  where to write, 0: only look
 * starts   [block][groups + 1] u32, tops [block] u16, written when entries are; groups: 1 (all transmits together) or `transmits`
 * reach    [transmit][2] float64: least and greatest position used, updated; then the greatest spread over one block, receive
 *          and transmit part together, updated
 * Returns the number of entries.
 */
export function lateralEntries(
  delays: usize, blocks: i32, transmits: i32, groups: i32, spans: usize, last: f64, rowBytes: i32, entries: usize, starts: usize, tops: usize, reach: usize,
): i32 {
  const worst = reach + (<usize>transmits << 4);
  let count = 0;
  for (let b = 0; b < blocks; b++, spans += 24) {
    const nearest = load<f64>(spans), farthest = load<f64>(spans, 8), received = load<f64>(spans, 16);
    if (entries) store<u32>(starts + (<usize>(b * (groups + 1)) << 2), <u32>(entries + <usize>count * ENTRY_BYTES));
    let top = 0;
    for (let t = 0; t < transmits; t++) {
      const near = delays + (<usize>(2 * b * transmits + t) << 4), far = near + (<usize>transmits << 4);
      let low = f64.MAX_VALUE, high: f64 = REACHED;
      for (let k = 0; k < 8; k++) {
        const s = <f64>load<f32>((k < 4 ? near : far) + (<usize>(k & 3) << 2));
        if (s > REACHED) {
          low = min(low, s);
          high = max(high, s);
        }
      }
      if (farthest >= 0 && high > REACHED && high + farthest > -1 && low + nearest < last + 1) {
        const range = reach + (<usize>t << 4);
        store<f64>(range, min(load<f64>(range), low + nearest));
        store<f64>(range, max(load<f64>(range, 8), high + farthest), 8);
        store<f64>(worst, max(load<f64>(worst), high - low + received));
        if (entries) {
          const entry = entries + <usize>count * ENTRY_BYTES, whole = Math.floor(low + 0.5 / 512);
          for (let k = 0; k < 8; k++) {
            const s = <f64>load<f32>((k < 4 ? near : far) + (<usize>(k & 3) << 2));
            const lane = s > REACHED ? <i32>Math.floor((s - whole) * 512 + 0.5) : 0x8000;
            if (s > REACHED) top = max(top, lane);
            store<i16>(entry + (<usize>k << 1), <i16>lane);
          }
          store<i32>(entry, 2 * <i32>whole + t * rowBytes, 16);
        }
        count++;
      }
      if (entries && (groups > 1 || t == transmits - 1))
        store<u32>(starts + (<usize>(b * (groups + 1) + (groups > 1 ? t : 0) + 1) << 2), <u32>(entries + <usize>count * ENTRY_BYTES));
    }
    if (entries) store<u16>(tops + (<usize>b << 1), <u16>top);
  }
  return count;
}
