// Builds dist/site/ from web/site/: a page for each example with the source that runs in it, the lesson and the playground. Static files
// that ask for nothing outside of dist/.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; worker-src 'self'; " +
  "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types lit-html echo-viewer";

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

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
      <a href="./lesson.html">First echo to image</a>
      <a href="./playground.html">Playground</a>
      <a href="../bench.html">Speed of this device</a>
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
const shown = (title, text) =>
  `<h2>${title}</h2>\n<pre tabindex="0"><code>${escaped(text.trim())}</code></pre>`;

/** The examples in order: their first line is `<!-- number | title | what is to be seen -->`. */
function examplesOf(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".html"))
    .map((name) => {
      const text = readFileSync(`${folder}/${name}`, "utf8");
      const [first, number, title, about] = /^<!-- (\d+) \| ([^|]+) \| ([\s\S]+?) -->\n/.exec(text);
      return {
        id: name.slice(0, -5),
        number: Number(number),
        title,
        about,
        markup: text.slice(first.length),
      };
    })
    .sort((a, b) => a.number - b.number);
}

function examplePage({ id, title, about, markup }, folder, before, after) {
  const extra = (extension) =>
    existsSync(`${folder}/${id}.${extension}`)
      ? readFileSync(`${folder}/${id}.${extension}`, "utf8")
      : undefined;
  const [code, style] = [extra("js"), extra("css")];
  const tag = '<script type="module" src="../cdn/echo-viewer.js"></script>\n';
  const link = (to, text) => (to ? `<a href="./${to.id}.html">${text(to.title)}</a>` : "<span></span>");
  return pageOf({
    title,
    head:
      (style ? `    <link rel="stylesheet" href="./${id}.css">\n` : "") +
      script("../cdn/echo-viewer.js") +
      (code ? script(`./${id}.js`) : ""),
    body: [
      `<h1>${title}</h1>`,
      `<p>${escaped(about)}</p>`,
      markup.trim(),
      shown("HTML", tag + markup),
      code ? shown("Script", code) : "",
      style ? shown("Style", style) : "",
      `<nav class="neighbours" aria-label="Examples">${link(before, (text) => `← ${text}`)}${link(after, (text) => `${text} →`)}</nav>`,
    ].join("\n"),
  });
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
  const cards = examples.map(
    ({ id, title, about }) =>
      `<li><a href="./${id}.html"><strong>${title}</strong><span>${escaped(about)}</span></a></li>`,
  );
  const fill = (name) =>
    readFileSync(`${from}/${name}.html`, "utf8").replace("<!-- examples -->", cards.join("\n"));
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
