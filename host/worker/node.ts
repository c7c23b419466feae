import type { UsbLike } from "../transports/web-usb.ts";

/** Node's own modules that the host uses where it runs in Node. */
interface NodeModules {
  child_process: typeof import("node:child_process");
  dgram: typeof import("node:dgram");
  "dns/promises": typeof import("node:dns/promises");
  fs: typeof import("node:fs");
  "fs/promises": typeof import("node:fs/promises");
  net: typeof import("node:net");
  os: typeof import("node:os");
  path: typeof import("node:path");
  tty: typeof import("node:tty");
  url: typeof import("node:url");
  worker_threads: typeof import("node:worker_threads");
}

/** One of them, by a name that bundlers do not follow: for a page they would look for it, and fail. */
export function nodeModule<Name extends keyof NodeModules>(name: Name): Promise<NodeModules[Name]> {
  return import(/* webpackIgnore: true */ /* @vite-ignore */ `node:${name}`);
}

/** Packages that the host uses in Node where Node lacks something: WebSockets, and USB, whose package is the user's to install. */
interface NodePackages {
  ws: typeof import("ws");
  usb: { WebUSB: new (options: { allowAllDevices: boolean }) => UsbLike };
}

/** One of them, by a name that bundlers do not follow either. */
export function nodePackage<Name extends keyof NodePackages>(name: Name): Promise<NodePackages[Name]> {
  return import(/* webpackIgnore: true */ /* @vite-ignore */ `${name}`);
}
