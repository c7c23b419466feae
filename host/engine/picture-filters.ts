/** What pictures can be filtered with on their way to the screen, loaded with the first that is. This file lists. */
export { Persistence } from "./persistence.ts";
export { SpeckleFilter } from "./speckle.ts";
