/** What a page needs for devices and nothing else: beside the single file, loaded with the first of them. This file lists. */
export { connectLive, isLiveTarget } from "./connect.ts";
export { createRecorder } from "./recorder.ts";
