/** Gives a person a file. */

/** Letters that every file system takes. */
export function fileName(source: string, extension: string): string {
  const stem =
    source
      .replace(/\.[^.]*$/, "")
      .match(/[\p{L}\p{N}._]+/gu)
      ?.join("-") ?? "sonde";
  return `${stem}-measurements.${extension}`;
}

export function saveFile(name: string, type: string, content: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  // Not before the browser has begun to read it.
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
