/** The texts of what says that an unused picture will freeze, in English. */
export const english = {
  notice: (seconds: number) => `Not in use: the image freezes in ${seconds} s.`,
  goOn: "Go on",
};

export type Texts = typeof english;
