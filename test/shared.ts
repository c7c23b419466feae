/** Where the reference data are, when they are present. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = process.env["SONDE_SHARED"] ?? fileURLToPath(new URL("../../shared/", import.meta.url));
const data = `${folder.replace(/\/?$/, "/")}data/`;

/** Folder of the reference data with a trailing slash, or undefined (and one line that says so). */
export const sharedData: string | undefined = existsSync(`${data}golden/golden.json`) ? data : undefined;
if (!sharedData) console.log("skipped: no shared data");
