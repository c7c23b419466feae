/** custom-elements.json, the README and the element say the same. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { EchoViewer } from "../../web/index.ts";
import { root } from "./pack.ts";

interface Named {
  name: string;
  description?: string;
}

interface Declaration {
  tagName: string;
  attributes: (Named & { fieldName: string })[];
  members: (Named & { kind: "field" | "method"; attribute?: string; readonly?: boolean })[];
  events: (Named & { type: { text: string } })[];
  slots: Named[];
  cssParts: Named[];
  cssProperties: Named[];
  cssStates: Named[];
}

interface Manifest {
  schemaVersion: string;
  modules: {
    kind: string;
    path: string;
    declarations: Declaration[];
    exports: { kind: string; name: string; declaration: { name: string; module: string } }[];
  }[];
}

const read = (path: string) => readFileSync(join(root, path), "utf8");
const manifest = JSON.parse(read("dist/custom-elements.json")) as Manifest;
const [{ declarations, exports: exported, path }] = manifest.modules;
const [element] = declarations;
const readme = read("web/README.md").replace(/```[\s\S]*?```/g, "");
const sources = readdirSync(join(root, "web/echo-viewer"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => read(`web/echo-viewer/${name}`).replace(/\/\*\*[\s\S]*?\*\//g, ""))
  .join("\n");

const names = (all: readonly Named[]) => all.map(({ name }) => name).sort();
const unique = (all: Iterable<string>) => [...new Set(all)].sort();

/** The README has it as code, alone or in a list. */
function inReadme(name: string): boolean {
  const code = [...readme.replace(/```[\s\S]*?```/g, "").matchAll(/`([^`]+)`/g)].flatMap(([, text]) => [
    text,
    ...text.split(/[\s(=]+/),
  ]);
  return code.includes(name);
}

test("the manifest has the shape of its schema, and names the module that is published", () => {
  assert.is(manifest.schemaVersion, "2.1.0");
  assert.is(JSON.parse(read("package.json")).customElements, "dist/custom-elements.json");
  assert.ok(read(path).length > 0);
  assert.is(element.tagName, "echo-viewer");
  assert.equal(
    exported.map(({ kind, name }) => [kind, name]),
    [
      ["js", "EchoViewer"],
      ["custom-element-definition", "echo-viewer"],
    ],
  );
  for (const kind of [
    "attributes",
    "members",
    "events",
    "slots",
    "cssParts",
    "cssProperties",
    "cssStates",
  ] as const) {
    assert.ok(element[kind].length > 0, kind);
    assert.is(unique(names(element[kind])).length, element[kind].length, `${kind} named twice`);
    for (const { name, description } of element[kind])
      assert.ok(description || ["controls", "label"].includes(name), `${kind} ${name} has no description`);
  }
});

test("attributes are those the element observes, and each is a property that can be set", () => {
  const observed = EchoViewer.observedAttributes.filter((name) => name !== "class").sort();
  assert.equal(names(element.attributes), observed);
  for (const { name, fieldName } of element.attributes) {
    const field = element.members.find((member) => member.name === fieldName);
    assert.ok(field && field.kind === "field" && !field.readonly, name);
    assert.is(field.attribute, name);
  }
});

test("public members are all there are", () => {
  const own = Object.getOwnPropertyNames(EchoViewer.prototype);
  for (const { name } of element.members) assert.ok(own.includes(name), `${name} is not of the element`);
});

test("events are those of the event map, with the types of their details", () => {
  const map =
    /interface EchoViewerEventMap \{([\s\S]*?)\n\}/.exec(read("web/echo-viewer/events.ts"))?.[1] ?? "";
  const typed = [...map.matchAll(/"(echo-[\w-]+)": ([^;]+);/g)].map(([, name, type]) => `${name}: ${type}`);
  assert.equal(element.events.map(({ name, type }) => `${name}: ${type.text}`).sort(), typed.sort());
  const sent = unique([...sources.matchAll(/emit\(\s*[^,]+,\s*"(echo-[\w-]+)"/g)].map(([, name]) => name));
  for (const name of sent) assert.ok(names(element.events).includes(name), `${name} is sent`);
});

test("slots are those of the templates", () => {
  assert.equal(
    names(element.slots),
    unique([...sources.matchAll(/<slot name="([\w-]+)"/g)].map(([, name]) => name)),
  );
});

test("every part of the viewer's own templates is documented", () => {
  const parts = [...sources.matchAll(/\bpart="([\w -]+)"/g)].flatMap(([, text]) => text.split(/\s+/));
  const text = element.cssParts.flatMap(({ name, description = "" }) => [
    name,
    ...[...description.matchAll(/`([\w-]+)`/g)].map(([, other]) => other),
  ]);
  for (const name of unique(parts)) assert.ok(text.includes(name), `part ${name}`);
});

test("custom properties are those of the styles", () => {
  const used = unique([...sources.matchAll(/var\(\s*(--echo-[\w-]+)/g)].map(([, name]) => name));
  assert.equal(names(element.cssProperties), used);
});

test("states are the phases, and whether the viewer fills the screen", () => {
  const phases = /type Phase =([^;]+);/.exec(read("web/echo-viewer/store.ts"))?.[1] ?? "";
  const all = [...phases.matchAll(/"([\w-]+)"/g)].map(([, name]) => name).sort();
  assert.equal(names(element.cssStates), [...all, "filled"].sort());
});

test("the README names every attribute, event, slot, part and custom property, and every method", () => {
  const methods = element.members.filter(({ kind }) => kind === "method");
  for (const { name } of [
    ...element.attributes,
    ...element.events,
    ...element.slots,
    ...element.cssParts,
    ...element.cssProperties,
    ...methods,
  ])
    assert.ok(inReadme(name), `web/README.md lacks ${name}`);
});

test.run();
