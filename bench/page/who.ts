/** What a browser says of itself, in a few words. */

/** Name and version from a user agent's text. */
export function engineName(userAgent: string): string {
  // Edge says that it is Chrome as well.
  const found =
    /(Edg)\/([\d.]+)/.exec(userAgent) ?? /(Firefox|HeadlessChrome|Chrome|Version)\/([\d.]+)/.exec(userAgent);
  if (!found) return userAgent.slice(0, 80) || "unknown browser";
  const names: Record<string, string> = {
    Version: "Safari",
    Edg: "Edge",
    HeadlessChrome: "Chromium, headless",
  };
  return `${names[found[1]] ?? found[1]} ${found[2]}`;
}

/** System and cores of this device, as far as a page may know. */
export function deviceName(navigator: Navigator): string {
  const system =
    /\(([^)]*)\)/
      .exec(navigator.userAgent)?.[1]
      .replace(/^X11;\s*/, "")
      .split(";")
      .slice(0, 2)
      .join(",") ?? "unknown system";
  const { hardwareConcurrency: cores } = navigator;
  return `${system}${cores ? `, ${cores} cores` : ""}`;
}
