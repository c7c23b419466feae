/** Has this process take each TypeScript file of the repository from SONDE_JAVASCRIPT, where `as-javascript.ts` put it. */
import { register } from "node:module";

process.setSourceMapsEnabled(true);
register("./loader-hooks.mjs", import.meta.url);
