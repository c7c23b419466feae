/** The keys of measuring: known before it is loaded. Capitals are typed with Shift. */
export const TOOL_KEYS = {
  select: "X",
  distance: "L",
  ellipse: "E",
  trace: "O",
  angle: "G",
  volume: "V",
  "two-planes": "W",
  time: "I",
  slope: "C",
  "heart-rate": "H",
  text: "T",
  arrow: "P",
  "body-mark": "B",
} as const;

export const KEYS: Readonly<Record<string, { keys: readonly string[] }>> = {
  "measure.open": { keys: ["m"] },
  ...Object.fromEntries(Object.entries(TOOL_KEYS).map(([tool, key]) => [`measure.${tool}`, { keys: [key] }])),
};
