/**
 * The tag for JSX, without a dependency on any framework. A project that uses React says once, in any of its modules:
 *
 *     import type { EchoViewerElements } from "sonde/echo-viewer";
 *     declare module "react" {
 *       namespace JSX {
 *         interface IntrinsicElements extends EchoViewerElements {}
 *       }
 *     }
 */
import type { EchoViewer } from "./echo-viewer/echo-viewer.ts";
import type { EchoViewerEventMap } from "./echo-viewer/events.ts";

/** What every element takes. */
interface CommonProps {
  ref?: unknown;
  key?: string | number | bigint | null;
  children?: unknown;
  id?: string;
  className?: string;
  class?: string;
  style?: unknown;
  slot?: string;
}

/** Properties that can be set, under the names that JSX passes on to elements. */
type Settable = Pick<
  EchoViewer,
  | "src"
  | "probe"
  | "protocol"
  | "gain"
  | "dynamicRange"
  | "depth"
  | "greyMap"
  | "tgc"
  | "persistence"
  | "smoothing"
  | "preset"
  | "frozen"
  | "mode"
  | "split"
  | "zoom"
  | "flip"
  | "rotate"
  | "banner"
  | "privacy"
  | "speed"
  | "repeat"
  | "quality"
  | "cineMemory"
  | "autoFreeze"
  | "pipeline"
  | "hotkeys"
  | "nohotkeys"
  | "rememberHotkeys"
  | "theme"
  | "controls"
  | "label"
  | "measurements"
  | "backend"
>;

/** Handlers by the names that React 19 gives to events of custom elements: `onecho-load`. */
type Handlers = {
  [Name in keyof EchoViewerEventMap as `on${Name}`]: (event: EchoViewerEventMap[Name]) => void;
};

/** What `<echo-viewer>` takes in JSX. */
export type EchoViewerProps = CommonProps & Partial<Settable> & Partial<Handlers>;

/** To extend `JSX.IntrinsicElements` with. */
export interface EchoViewerElements {
  "echo-viewer": EchoViewerProps;
}
