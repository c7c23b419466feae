/** Which names a server answers to, and what it prints. */
import type { NetworkInterfaceInfo } from "node:os";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isOwnHost, urlsOf } from "../../../host/cli/addresses.ts";

const one = (address: string, family: "IPv4" | "IPv6", internal = false) =>
  ({ address, family, internal }) as NetworkInterfaceInfo;
const interfaces = {
  lo: [one("127.0.0.1", "IPv4", true), one("::1", "IPv6", true)],
  eth: [one("192.168.1.4", "IPv4"), one("fd00::4", "IPv6"), one("fe80::4", "IPv6")],
};

test("a server on one address answers to that address and to this computer's own names, in any case", () => {
  for (const header of ["localhost", "LOCALHOST:8017", "127.0.0.1:8017", "[::1]:8017", "10.0.0.2:80"])
    assert.ok(isOwnHost(header, "10.0.0.2"), header);
  for (const header of [undefined, "", "10.0.0.3", "evil.example", "10.0.0.2.evil.example"])
    assert.not(isOwnHost(header, "10.0.0.2"), header);
  assert.ok(isOwnHost("[fd00::4]:8017", "FD00::4"));
  assert.ok(isOwnHost("Lab.local:8017", "lab.local"));
});

test("a server on every interface answers to every literal address and to no foreign name", () => {
  for (const host of ["0.0.0.0", "::", "0:0:0:0:0:0:0:0"]) {
    for (const header of ["192.168.1.4:8017", "[fd00::4]:8017", "[FD00::4]", "localhost"])
      assert.ok(isOwnHost(header, host), `${header} on ${host}`);
    for (const header of ["evil.example", "192.168.1.4.evil.example", "evil.example:8017", "[evil]", ""])
      assert.not(isOwnHost(header, host), `${header} on ${host}`);
  }
});

test("the printed addresses can be opened: IPv6 in brackets, wildcards as the machine's own addresses", () => {
  assert.equal(urlsOf("127.0.0.1", 80, interfaces), ["http://localhost:80/"]);
  assert.equal(urlsOf("192.168.1.4", 80, interfaces), ["http://192.168.1.4:80/"]);
  assert.equal(urlsOf("fd00::4", 80, interfaces), ["http://[fd00::4]:80/"]);
  assert.equal(urlsOf("0.0.0.0", 80, interfaces), ["http://localhost:80/", "http://192.168.1.4:80/"]);
  assert.equal(urlsOf("::", 80, interfaces), [
    "http://localhost:80/",
    "http://192.168.1.4:80/",
    "http://[fd00::4]:80/",
  ]);
});

test.run();
