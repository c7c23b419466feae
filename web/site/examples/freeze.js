document.querySelector("echo-viewer").addEventListener("echo-before-freeze", (event) => {
  if (document.querySelector("#forbid").checked) event.preventDefault();
});
