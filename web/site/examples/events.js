const said = document.querySelector("#said");
const names = [
  "load",
  "frame",
  "freeze",
  "play",
  "change",
  "preset",
  "mode",
  "view",
  "measure",
  "export",
  "quality",
  "error",
];

for (const name of names)
  document.addEventListener(`echo-${name}`, ({ type, detail }) => {
    const { info, report, error, blob, ...rest } = detail;
    const newest = said.firstElementChild;
    // Frames would push everything else away: they share a line.
    const item = type === "echo-frame" && newest?.title === type ? newest : document.createElement("li");
    item.title = type;
    item.textContent = `${type} ${info?.name ?? error?.message ?? JSON.stringify(rest)}`;
    said.prepend(item);
    if (said.children.length > 8) said.lastElementChild.remove();
  });
