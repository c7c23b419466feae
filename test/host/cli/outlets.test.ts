/** Where a simulated device is reached: what it says of it is an address. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { outletAt } from "../../../host/cli/outlets.ts";
import { parseAddress } from "../../../host/transports/address.ts";

for (const scheme of ["tcp", "ws"])
  test(`an outlet on ${scheme} over IPv6 names an address that can be given to the other side`, async () => {
    const outlet = await outletAt(`${scheme}://[::1]:0`, async () => undefined).catch(
      (error: Error) => error,
    );
    if (outlet instanceof Error) {
      // A machine without IPv6 says so of the same address.
      assert.match(outlet.message, `${scheme}://[::1]:0 cannot be listened on`);
      return;
    }
    outlet.close();
    assert.match(outlet.address, `${scheme}://[::1]:`);
    parseAddress(outlet.address);
  });

test.run();
