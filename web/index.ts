/** The viewer for npm: importing this registers `<echo-viewer>`, and that is the only thing it does to a page. */
import { EchoViewer } from "./echo-viewer/echo-viewer.ts";

export type { Backend } from "./echo-viewer/backend.ts";
export { EchoViewer } from "./echo-viewer/echo-viewer.ts";
export type {
  EchoChangeDetail,
  EchoErrorDetail,
  EchoFrameDetail,
  EchoFreezeDetail,
  EchoLoadDetail,
  EchoProgressDetail,
  EchoQualityDetail,
  EchoViewerEventMap,
} from "./echo-viewer/events.ts";
export type { Phase } from "./echo-viewer/store.ts";
export type { EchoViewerElements, EchoViewerProps } from "./jsx.ts";

// Absent in Node, where a server may import this module to render the tag alone.
if (globalThis.customElements && !customElements.get("echo-viewer")) {
  customElements.define("echo-viewer", EchoViewer);
}
