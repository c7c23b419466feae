/** What importing the viewer gives, and that it can be imported where there is no page. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as viewer from "../../web/index.ts";

test("the module exports the element and a way to add languages, and nothing else that runs", () => {
  assert.equal(Object.keys(viewer), ["EchoViewer", "registerLanguage"]);
});

test("a server without a document can import it", () => {
  assert.is(typeof globalThis.document, "undefined");
  assert.is(typeof viewer.EchoViewer, "function");
});

test.run();
