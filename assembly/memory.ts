// Where the core's own static data end: the host lays its arena out from here.

/** First byte of linear memory that belongs to the host. */
export function heapBase(): i32 {
  return <i32>__heap_base;
}
