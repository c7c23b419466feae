// Builds dist/site/ from web/site/: a page for each example with the source that runs in it, the lesson and the playground. Static files
// that ask for nothing outside of dist/.
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { escaped, highlighted } from "./highlight.mjs";

const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; worker-src 'self'; " +
  "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types lit-html echo-viewer";

function pageOf({ title, head = "", body }) {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${POLICY}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${title} - Sonde</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="./site.css">
${head}  </head>
  <body>
    <header>
      <a class="home" href="./index.html">Sonde</a>
      <a href="./index.html">Examples</a>
      <a href="./lesson.html">First echo to image</a>
      <a href="./playground.html">Playground</a>
      <a href="../pages/bench.html">Speed of this device</a>
    </header>
    <main>
${body}
    </main>
    <footer><p class="quiet">For research and teaching. Not for diagnostic use.</p></footer>
  </body>
</html>
`;
}

const script = (path) => `    <script type="module" src="${path}"></script>\n`;
const shown = (title, text, language) =>
  `<h3>${title}</h3>\n<pre tabindex="0"><code>${highlighted(text.trim(), language)}</code></pre>`;

/** Headings of the index, and what stands below each. */
const GROUPS = {
  Begin: "From nothing to a live picture, a file, and a page that is in charge.",
  See: "How the picture is made, and what else can be seen of the same echoes.",
  Work: "Freeze, look back, turn, measure, keep.",
  Connect: "Real probes, and what happens when they are faster than the computer.",
  "Make it yours": "Languages, keys, colours and the page's own parts.",
};
const idOf = (group) => group.toLowerCase().replaceAll(" ", "-");

/**
 * The examples in order. A file is
 *
 *   <!-- Group number | title | what is to be seen -->
 *   what runs, and is shown as source
 *   <!-- to try -->
 *   what to do with it, and what to know; <pre class="sh"> and the like are shown as source
 */
function examplesOf(folder) {
  const groups = Object.keys(GROUPS);
  return readdirSync(folder)
    .filter((name) => name.endsWith(".html"))
    .map((name) => {
      const text = readFileSync(`${folder}/${name}`, "utf8");
      const parts =
        /^<!-- ([^|]+) (\d+) \| ([^|]+) \| ([\s\S]+?) -->\n([\s\S]+)<!-- to try -->\n([\s\S]+)$/.exec(text);
      if (!parts || !groups.includes(parts[1])) throw new Error(`${name} is not as an example is written`);
      const [, group, number, title, about, markup, notes] = parts;
      return { id: name.slice(0, -5), group, number: Number(number), title, about, markup, notes };
    })
    .sort((a, b) => groups.indexOf(a.group) - groups.indexOf(b.group) || a.number - b.number);
}

/** Notes with their snippets coloured. */
const notesOf = (notes) =>
  notes.replace(
    /<pre class="(\w+)">([\s\S]*?)<\/pre>/g,
    (_, language, text) =>
      `<pre tabindex="0"><code>${highlighted(text.trim().replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"), language)}</code></pre>`,
  );

function examplePage({ id, group, title, about, markup, notes }, folder, before, after) {
  const extra = (extension) =>
    existsSync(`${folder}/${id}.${extension}`)
      ? readFileSync(`${folder}/${id}.${extension}`, "utf8")
      : undefined;
  const [code, style] = [extra("js"), extra("css")];
  // As in the page's head: without them, or as plain scripts, what is copied does nothing.
  const tags = [
    style && `<link rel="stylesheet" href="./${id}.css">`,
    '<script type="module" src="../cdn/echo-viewer.js"></script>',
    code && `<script type="module" src="./${id}.js"></script>`,
  ];
  const link = (to, text) => (to ? `<a href="./${to.id}.html">${text(to.title)}</a>` : "<span></span>");
  return pageOf({
    title,
    head:
      (style ? `    <link rel="stylesheet" href="./${id}.css">\n` : "") +
      script("../cdn/echo-viewer.js") +
      (code ? script(`./${id}.js`) : ""),
    body: [
      `<p class="group"><a href="./index.html#${idOf(group)}">${group}</a></p>`,
      `<h1>${title}</h1>`,
      `<p class="lead">${escaped(about)}</p>`,
      markup.trim(),
      '<div class="beside">',
      `<section class="notes">\n<h2>To try</h2>\n${notesOf(notes).trim()}\n</section>`,
      '<section class="source">\n<h2>Source</h2>',
      shown("HTML", `${tags.filter(Boolean).join("\n")}\n${markup}`, "html"),
      code ? shown(`Script, ${id}.js`, code, "js") : "",
      style ? shown(`Style, ${id}.css`, style, "css") : "",
      "</section>\n</div>",
      `<nav class="neighbours" aria-label="Examples">${link(before, (text) => `← ${text}`)}${link(after, (text) => `${text} →`)}</nav>`,
    ].join("\n"),
  });
}

/** The index's examples, under their headings. */
function cardsOf(examples) {
  return Object.entries(GROUPS)
    .map(([group, about]) => {
      const cards = examples
        .filter((example) => example.group === group)
        .map(
          ({ id, title, about: what }) =>
            `<li><a href="./${id}.html"><strong>${title}</strong><span>${escaped(what)}</span></a></li>`,
        );
      return `<h2 id="${idOf(group)}">${group}</h2>\n<p class="quiet">${about}</p>\n<ul class="cards">\n${cards.join("\n")}\n</ul>`;
    })
    .join("\n");
}

/** Twelve pictures of one heart beat of the simulated probe: amplitudes, int16 [frame][z][x]. As `sonde` makes them. */
function writeRecording(root, path) {
  const folder = mkdtempSync(join(tmpdir(), "sonde-site-"));
  const sonde = (...words) =>
    execFileSync(process.execPath, [`${root}dist/cli.js`, ...words], { stdio: "ignore" });
  try {
    sonde("simulate", "linear", "-o", `${folder}/raw.uff`, "--frames", "23");
    const grid = ["--x", "-10:10:81", "--z", "2:30:225"];
    sonde(
      "beamform",
      `${folder}/raw.uff`,
      "-o",
      `${folder}/sums.npy`,
      ...grid,
      "--window",
      "hann",
      "--f-number",
      "1.5",
    );
    const file = readFileSync(`${folder}/sums.npy`);
    const [perFrame, every] = [81 * 225, 2];
    const from = file.length - 23 * perFrame * 8;
    const sums = new Float32Array(file.buffer.slice(file.byteOffset + from, file.byteOffset + file.length));
    const amplitudes = Float32Array.from({ length: 12 * perFrame }, (_, i) => {
      const at = 2 * (i + Math.floor(i / perFrame) * (every - 1) * perFrame);
      return Math.hypot(sums[at], sums[at + 1]);
    });
    const peak = amplitudes.reduce((most, value) => Math.max(most, value), 0);
    const dict = "{'descr': '<i2', 'fortran_order': False, 'shape': (12, 225, 81), }".padEnd(117);
    writeFileSync(
      path,
      Buffer.concat([
        Buffer.from(`\x93NUMPY\x01\x00\x76\x00${dict}\n`, "latin1"),
        Buffer.from(Int16Array.from(amplitudes, (value) => Math.round((value / peak) * 32767)).buffer),
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes the site. `options`: of esbuild, for the scripts that are TypeScript. */
export async function buildSite(root, out, options) {
  const from = `${root}web/site`;
  const folder = `${from}/examples`;
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  cpSync(`${from}/site.css`, `${out}/site.css`);
  const examples = examplesOf(folder);
  examples.forEach((example, i) => {
    writeFileSync(
      `${out}/${example.id}.html`,
      examplePage(example, folder, examples[i - 1], examples[i + 1]),
    );
  });
  for (const name of readdirSync(folder).filter((file) => !file.endsWith(".html")))
    cpSync(`${folder}/${name}`, `${out}/${name}`);
  writeRecording(root, `${out}/heart-beat.npy`);
  const fill = (name) =>
    readFileSync(`${from}/${name}.html`, "utf8").replace("<!-- examples -->", cardsOf(examples));
  writeFileSync(
    `${out}/index.html`,
    pageOf({ title: "Ultrasound in a page", head: script("../cdn/echo-viewer.js"), body: fill("index") }),
  );
  writeFileSync(
    `${out}/lesson.html`,
    pageOf({ title: "First echo to image", head: script("./lesson.js"), body: fill("lesson") }),
  );
  writeFileSync(
    `${out}/playground.html`,
    pageOf({
      title: "Playground",
      head: script("../cdn/echo-viewer.js") + script("./playground.js"),
      body: fill("playground"),
    }),
  );
  await build({
    ...options,
    outdir: out,
    entryPoints: { lesson: `${from}/lesson.ts`, playground: `${from}/playground.ts` },
    plugins: [
      {
        // The library lies above the site.
        name: "library-above",
        setup({ onResolve }) {
          onResolve({ filter: /\/host\/index\.ts$/ }, () => ({ path: "../index.js", external: true }));
        },
      },
    ],
  });
}
