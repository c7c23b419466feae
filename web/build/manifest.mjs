// Makes dist/custom-elements.json (schema 2.1.0 of webcomponents/custom-elements-manifest) from the JSDoc of the element. The analyzer
// that is usual for this (@custom-elements-manifest/analyzer 0.11) stops at this code without a word that helps; what it would find is
// what stands in one file.

/** The text of a JSDoc comment without its stars. */
const textOf = (comment) =>
  comment
    .replace(/^\/\*\*|\*\/$/g, "")
    .replace(/^ *\* ?/gm, "")
    .trim();

const oneLine = (text) => text.replace(/\s+/g, " ").trim();

/** `@tag {type} name - description` of a comment, in order; a description may go on in the next lines. */
function* tagsOf(text) {
  for (const part of text.split(/^@(?=\w)/m).slice(1)) {
    const [, tag, , type, rest] = /^(\w+)(\s+\{([^}]*)\})?\s*([\s\S]*)$/.exec(part);
    const [, names, description = ""] = /^([\s\S]*?)(?:\s+- ([\s\S]*))?$/.exec(oneLine(rest));
    yield { tag, type, names: names.split(/,\s*/), description };
  }
}

const camel = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());

/** Public accessors and methods of the class body, with what their comments say. */
function membersOf(body) {
  const members = new Map();
  const pattern =
    /^ {2}(\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n {2})(get |async )?([a-z]\w*)\(([^)]*)\)(?:: ([^{\n]+))? \{$/gm;
  for (const [, comment, kind, name, args, type = "void"] of body.matchAll(pattern)) {
    const description = oneLine(textOf(comment));
    if (kind === "get ")
      members.set(name, {
        kind: "field",
        name,
        type: { text: type },
        description,
        readonly: !new RegExp(`^ {2}set ${name}\\(`, "m").test(body),
      });
    else
      members.set(name, {
        kind: "method",
        name,
        description,
        parameters: args
          ? args.split(/, (?=\w+[?:])/).map((argument) => {
              const [, parameter, optional, argumentType] = /^(\w+)(\?)?: ([^=]+?)(?: = .*)?$/.exec(argument);
              return { name: parameter, type: { text: argumentType }, ...(optional && { optional: true }) };
            })
          : [],
        return: { type: { text: type } },
      });
  }
  for (const [, name, type] of body.matchAll(/^ {2}declare ([a-z]\w*): ([^;]+);$/gm))
    members.set(name, { kind: "field", name, type: { text: type } });
  return members;
}

/** The manifest of the element whose source is given, published as the module at `path`. */
export function manifestOf(source, path) {
  const [, comment, name, body] =
    /(\/\*\*(?:(?!\*\/)[\s\S])*\*\/)\nexport class (\w+) extends LitElement \{\n([\s\S]*?)\n\}\n/.exec(
      source,
    );
  const text = textOf(comment);
  const found = { summary: [], attr: [], slot: [], event: [], csspart: [], cssproperty: [], cssstate: [] };
  for (const { tag, type, names, description } of tagsOf(text))
    if (!found[tag]) throw new Error(`${path}: @${tag} is not known to manifest.mjs`);
    else if (tag === "summary") found.summary.push(names.join(", "));
    else
      for (const one of names)
        found[tag].push({ name: one, ...(type && { type: { text: type } }), description });
  const members = membersOf(body);
  const attributes = found.attr.map((attribute) => {
    const field = members.get(camel(attribute.name));
    if (!field) throw new Error(`${path}: attribute ${attribute.name} has no property`);
    field.attribute = attribute.name;
    field.description ??= attribute.description;
    return { ...attribute, fieldName: field.name };
  });
  const declaration = {
    kind: "class",
    customElement: true,
    name,
    tagName: "echo-viewer",
    superclass: { name: "LitElement", package: "lit" },
    summary: found.summary[0],
    description: text.split(/^@/m)[0].trim(),
    attributes,
    members: [...members.values()],
    events: found.event,
    slots: found.slot,
    cssParts: found.csspart,
    cssProperties: found.cssproperty,
    cssStates: found.cssstate,
  };
  const here = { name, module: path };
  return {
    schemaVersion: "2.1.0",
    modules: [
      {
        kind: "javascript-module",
        path,
        declarations: [declaration],
        exports: [
          { kind: "js", name, declaration: here },
          { kind: "custom-element-definition", name: "echo-viewer", declaration: here },
        ],
      },
    ],
  };
}
