/** What the list of keys says, in English. */
export const english = {
  general: "Image and stored frames",
  none: "none",
  change: (action: string, keys: string) => `${action}: ${keys}. Change`,
  press: "Press a key",
  pressFor: (action: string) =>
    `Press a key for “${action}”. Escape leaves it as it is, Delete takes its key away.`,
  given: (key: string, action: string) => `${key}: ${action}`,
  taken: (key: string, action: string, before: string) => `${key}: ${action}, and no longer “${before}”`,
  reset: "Default keys",
  wasReset: "All keys are the default ones again",
  off: "Keys are switched off on this page.",
  notRemembered: "This browser does not remember keys for this page.",
};
