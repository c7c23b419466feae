/** What the view's drawer says, in English. */
export const english = {
  zoom: "Zoom",
  move: "Move the image",
  lie: "Flip and turn",
  recorded: "As recorded",
  screen: "Screen",
  hint: "Two fingers, or Ctrl and the wheel, zoom; two quick taps show the whole image.",
};
