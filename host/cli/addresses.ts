/** Which names a server answers to, and the addresses it is reached at. */
import { isIP } from "node:net";
import { networkInterfaces } from "node:os";

/** Names for this computer alone. */
const OWN_NAMES = ["localhost", "127.0.0.1", "::1"];

/** Without the brackets that an IPv6 address has in a URL. */
const bare = (host: string) => host.replace(/^\[(.*)\]$/, "$1").toLowerCase();

/** True for the addresses that mean every interface: 0.0.0.0, :: and other spellings of zero. */
export function isWildcard(host: string): boolean {
  return isIP(bare(host)) !== 0 && /^[0:.]+$/.test(bare(host));
}

/**
 * Whether a request's Host header names this server. A page elsewhere must not read local files through a name that points here
 * (DNS rebinding); a literal address cannot be pointed elsewhere, so a server on every interface answers to all of them.
 */
export function isOwnHost(header: string | undefined, host: string): boolean {
  const name = bare((header ?? "").replace(/:\d+$/, ""));
  return OWN_NAMES.includes(name) || name === bare(host) || (isWildcard(host) && isIP(name) !== 0);
}

const url = (host: string, port: number) => `http://${host.includes(":") ? `[${host}]` : host}:${port}/`;

/** Where a person can open what `host` serves, the nearest first. */
export function urlsOf(host: string, port: number, interfaces = networkInterfaces()): string[] {
  if (!isWildcard(host)) return [url(OWN_NAMES.includes(bare(host)) ? "localhost" : bare(host), port)];
  const reachable = Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    // A link-local IPv6 address needs the reader's own interface beside it, which a URL has no place for.
    .filter(({ internal, address }) => !internal && !/^fe80:/i.test(address))
    .filter(({ family }) => family === "IPv4" || isIP(bare(host)) === 6);
  return [url("localhost", port), ...reachable.map(({ address }) => url(address, port))];
}
