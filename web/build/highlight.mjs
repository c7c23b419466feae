// Colours source text for the examples' pages: comments, names and texts, as spans of the classes in web/site/site.css.
const PATTERNS = {
  html: /(?<comment><!--[\s\S]*?-->)|(?<word><\/?[a-z][\w-]*|\/?>)|(?<name>[\w-]+(?==["']))|(?<text>(?<==)(?:"[^"]*"|'[^']*'))/g,
  js: /(?<comment>\/\/.*|\/\*[\s\S]*?\*\/)|(?<text>`[^`]*`|"[^"\n]*"|'[^'\n]*')|(?<word>\b(?:async|await|class|const|else|export|for|from|function|if|import|in|let|new|null|of|return|this|throw|true|false|try|catch|while)\b)/g,
  css: /(?<comment>\/\*[\s\S]*?\*\/)|(?<name>--?[\w-]+(?=:\s)|\b[\w-]+(?=:\s))|(?<word>[^\s{};][^{};]*(?=\s\{))/g,
  sh: /(?<comment>#.*)|(?<name>--[\w-]+)/g,
};

export const escaped = (text) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Source as HTML. `language`: html, js, css or sh. */
export function highlighted(source, language) {
  let [out, at] = ["", 0];
  for (const { 0: match, index, groups } of source.matchAll(PATTERNS[language])) {
    const kind = Object.keys(groups).find((name) => groups[name] !== undefined);
    out += `${escaped(source.slice(at, index))}<span class="${kind}">${escaped(match)}</span>`;
    at = index + match.length;
  }
  return out + escaped(source.slice(at));
}
