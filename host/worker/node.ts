/** Node's own modules that the host uses where it runs in Node. */
interface NodeModules {
  fs: typeof import("node:fs");
  "fs/promises": typeof import("node:fs/promises");
  os: typeof import("node:os");
  path: typeof import("node:path");
  url: typeof import("node:url");
  worker_threads: typeof import("node:worker_threads");
}

/** One of them, by a name that bundlers do not follow: for a page they would look for it, and fail. */
export function nodeModule<Name extends keyof NodeModules>(name: Name): Promise<NodeModules[Name]> {
  return import(/* webpackIgnore: true */ /* @vite-ignore */ `node:${name}`);
}
