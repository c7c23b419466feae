/** `sonde serve`: what it gives, what it refuses, how it ends. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { scratchFolder } from "../../command.ts";

const cli = fileURLToPath(new URL("../../../dist/cli.js", import.meta.url));
const folder = scratchFolder();
mkdirSync(`${folder}/data`);
writeFileSync(`${folder}/secret.txt`, "secret");
writeFileSync(`${folder}/data/other.txt`, "other");
writeFileSync(`${folder}/data/settings.txt`, "80\n160\n8\n64\n57\n0\n");
writeFileSync(`${folder}/data/a film.txt`, "1 2 3\n4 5 6\n");

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** A raw request: `fetch` would clean the path up. */
function ask(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port, path, headers, method }, (response) => {
      let body = "";
      response.on("data", (chunk) => (body += chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}

/** Runs a server for one test. */
async function serving(
  words: string[],
  act: (port: number, child: ChildProcess) => Promise<void>,
): Promise<void> {
  const child = spawn(process.execPath, [cli, "serve", ...words, "--port", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const port = await new Promise<number>((resolve, reject) => {
      child.stdout.on("data", (chunk) => {
        const found = /http:\/\/(?:localhost|\[?[\d.:a-f]+\]?):(\d+)\//.exec(String(chunk));
        if (found) resolve(Number(found[1]));
      });
      child.on("exit", (code) => reject(new Error(`exit ${code}`)));
    });
    await act(port, child);
  } finally {
    child.kill("SIGKILL");
  }
}

test("who leaves out the last stroke of the examples' address is led to them", () =>
  serving([], async (port) => {
    const { status, headers } = await ask(port, "/site");
    assert.equal([status, headers.location], [301, "/site/"]);
    assert.match((await ask(port, "/site/")).body, "Ultrasound in a page");
  }));

test("the bench's page is served with its script and its style", () =>
  serving([], async (port) => {
    for (const [path, type, word] of [
      ["/bench.html", "text/html", "../bench-page.js"],
      ["/pages/bench.html", "text/html", "../bench-page.js"],
      ["/bench-page.js", "text/javascript", "bench-worker"],
      ["/dist/bench-page.js", "text/javascript", "bench-worker.js"],
      ["/dist/bench-worker.js", "text/javascript", "W1"],
      ["/bench.css", "text/css", "progress"],
    ]) {
      const { status, headers, body } = await ask(port, path);
      assert.is(status, 200, path);
      assert.match(String(headers["content-type"]), type);
      assert.ok(body.includes(word), path);
      assert.match(
        String(headers["content-security-policy"]),
        "trusted-types lit-html echo-viewer sonde-bench",
      );
    }
  }));

test("the page, the built files and the session are served under the strictest policy", () =>
  serving([], async (port) => {
    const page = await ask(port, "/");
    assert.is(page.status, 200);
    assert.match(page.body, "<echo-viewer");
    assert.match(
      String(page.headers["content-security-policy"]),
      /script-src 'self' 'wasm-unsafe-eval';.*require-trusted-types-for 'script'/,
    );
    assert.is(
      (await ask(port, "/dist/echo-viewer.min.js")).headers["content-type"],
      "text/javascript; charset=utf-8",
    );
    assert.equal(JSON.parse((await ask(port, "/session.json")).body), { src: null, probe: "simulated" });
    assert.is((await ask(port, "/file/anything")).status, 404);
    assert.is((await ask(port, "/", {}, "POST")).status, 405);
  }));

test("only the named file and the settings beside it can be read, whatever the path says", () =>
  serving([`${folder}/data/a film.txt`], async (port) => {
    const { src } = JSON.parse((await ask(port, "/session.json")).body) as { src: string };
    const file = await ask(port, src);
    assert.is(file.body, "1 2 3\n4 5 6\n");
    assert.is(file.headers["link"], '<settings.txt>; rel="describedby"');
    assert.match((await ask(port, "/file/settings.txt")).body, "80\n160");
    for (const path of [
      "/file/other.txt",
      "/file/../secret.txt",
      "/file/%2e%2e/secret.txt",
      "/../secret.txt",
      "/dist/../../secret.txt",
      "/dist/..%2f..%2fpackage.json",
      "/%2e%2e/%2e%2e/package.json",
      "/dist/",
      "/%",
      "/\\..\\cli.js",
    ])
      assert.is((await ask(port, path)).status, 404, path);
  }));

test("a page of another name that points here is refused", () =>
  serving([], async (port) => {
    assert.is((await ask(port, "/", { Host: "evil.example" })).status, 403);
    assert.is((await ask(port, "/", { Host: "192.168.1.4" })).status, 403);
    assert.is((await ask(port, "/", { Host: `localhost:${port}` })).status, 200);
    assert.is((await ask(port, "/", { Host: `LocalHost:${port}` })).status, 200);
  }));

test("a server on every interface answers to every address, and still to no other name", () =>
  serving(["--host", "0.0.0.0"], async (port) => {
    assert.is((await ask(port, "/", { Host: `192.168.1.4:${port}` })).status, 200);
    assert.is((await ask(port, "/", { Host: `[fd00::1]:${port}` })).status, 200);
    assert.is((await ask(port, "/", { Host: `evil.example:${port}` })).status, 403);
  }));

test("it ends when asked to, with exit code 0", () =>
  serving([], async (port, child) => {
    await ask(port, "/");
    const code = new Promise((resolve) => child.on("exit", resolve));
    child.kill("SIGTERM");
    assert.is(await code, 0);
  }));

test.run();
