/** The single file for a script tag: the element and all it needs in one module. */
export * from "./index.ts";
