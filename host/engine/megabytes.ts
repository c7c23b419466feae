/** Bytes as people read them: megabytes, with a decimal where there are few. */
export const megabytes = (bytes: number): string =>
  (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0).replace(/\.0$/, "");
