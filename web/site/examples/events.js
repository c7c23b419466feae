const said = document.querySelector("#said");
for (const name of ["echo-load", "echo-freeze", "echo-change", "echo-frame", "echo-quality", "echo-error"])
  document.addEventListener(name, ({ detail }) => {
    const item = document.createElement("li");
    const { info, ...rest } = detail;
    item.textContent = `${name} ${info ? info.name : JSON.stringify(rest)}`;
    said.prepend(item);
    if (said.children.length > 6) said.lastElementChild.remove();
  });
