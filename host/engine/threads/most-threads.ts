/** Most threads that can be asked for. */
export const MOST_THREADS = 64;
