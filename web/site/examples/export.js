const viewer = document.querySelector("echo-viewer");
const said = document.querySelector("#said");
const again = document.querySelector("#again");
const on = (id, act) => document.querySelector(id).addEventListener("click", act);
let file;

on("#take", async () => {
  file = new File([await viewer.toBlob("picture")], "before.png", { type: "image/png" });
  const picture = new Image();
  picture.alt = "The picture that was taken";
  picture.src = URL.createObjectURL(file);
  document.querySelector("#taken").replaceChildren(picture);
  again.disabled = false;
});
on("#spoil", () => {
  viewer.gain = -20;
  viewer.greyMap = "inverted";
});
on("#again", () => viewer.openFile(file));
on("#save", async () => {
  try {
    const blob = await viewer.exportAs(document.querySelector("#kind").value);
    said.textContent = blob ? `${Math.ceil(blob.size / 1000)} kB` : "A listener objected";
  } catch (error) {
    said.textContent = error.message;
  }
});
