const viewer = document.querySelector("echo-viewer");
const buttons = document.querySelectorAll("[aria-label=Mode] button");

function show() {
  for (const button of buttons) button.ariaPressed = String(button.value === viewer.mode);
}

for (const button of buttons)
  button.addEventListener("click", () => {
    viewer.mode = button.value;
  });
viewer.addEventListener("echo-mode", show);
show();
