/** Modules that are loaded when they are first needed, on networks that fail now and then. */

let attempts = 0;

/**
 * Loads a module; where its file could not be fetched, asks for it once more. Browsers may keep a failed import for as long as the page
 * lives, under the module's address (HTML, "fetch a single module script"): only under another fragment, which no server sees, is the same
 * file fetched anew.
 *
 * @param module imports it
 * @throws what the import threw
 */
export async function loadModule<Module>(module: () => Promise<Module>): Promise<Module> {
  try {
    return await module();
  } catch (cause) {
    // As Chromium and Firefox tell of files that they could not fetch; bundlers and Node say something else.
    const [, address] = /dynamically imported module: (\S+)$/.exec(String(cause)) ?? [];
    if (!address) throw cause;
    attempts++;
    return import(/* webpackIgnore: true */ /* @vite-ignore */ `${address}#${attempts}`);
  }
}
