/** The viewer for npm: importing this registers `<echo-viewer>`, and that is the only thing it does to a page. */
import { EchoViewer } from "./echo-viewer/echo-viewer.ts";

export type { Backend } from "./echo-viewer/backend.ts";
export { EchoViewer } from "./echo-viewer/echo-viewer.ts";
export type {
  EchoBeforeExportDetail,
  EchoChangeDetail,
  EchoErrorDetail,
  EchoExportDetail,
  EchoFrameDetail,
  EchoFreezeDetail,
  EchoHotkeysDetail,
  EchoLinkDetail,
  EchoLoadDetail,
  EchoModeDetail,
  EchoPhaseDetail,
  EchoPlanDetail,
  EchoPlayDetail,
  EchoPresetDetail,
  EchoProgressDetail,
  EchoQualityDetail,
  EchoViewDetail,
  EchoViewerEventMap,
} from "./echo-viewer/events.ts";
export type { ExportKind } from "./echo-viewer/features/export/kinds.ts";
export type {
  EchoMeasureDetail,
  Measurement,
  MeasurementsDocument,
} from "./echo-viewer/features/measure/document.ts";
export { registerLanguage, type Texts } from "./echo-viewer/languages/language.ts";
export type { CineReport, Clip, Repeat } from "./echo-viewer/playback.ts";
export type { Adjusted, Phase } from "./echo-viewer/store.ts";
export type { EchoViewerElements, EchoViewerProps } from "./jsx.ts";

// Absent in Node, where a server may import this module to render the tag alone.
if (globalThis.customElements && !customElements.get("echo-viewer")) {
  customElements.define("echo-viewer", EchoViewer);
}
