/** How the picture is made: levels and gain by depth, grey maps and filters, the receive beam, presets. */
import { adjustmentsOf } from "../../../../host/index.ts";
import { textsOf } from "../../languages/language.ts";
import { askedPipeline, type ViewerState } from "../../store.ts";
import type { Feature, Viewer } from "../feature.ts";
import { drawCurve, visibilityOf } from "./curve.ts";
import { drawer } from "./drawer.ts";
import { Imaging } from "./imaging.ts";
import { styles } from "./styles.ts";
import { english } from "./texts.ts";
import { pointsOf, spanOf } from "./tgc.ts";

const texts = (state: ViewerState) => textsOf(state.language, "imaging", english);

export function create(viewer: Viewer): Feature {
  const imaging = new Imaging(viewer);
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  return {
    styles,
    drawer: (state) => drawer(state, imaging),
    draw: (scene) => {
      // The curve is for working, and fades: a picture that is kept has none.
      if (scene.kept) return;
      const { session } = scene.state;
      const { litAtMs, point } = imaging.state;
      const visibility = visibilityOf(performance.now() - litAtMs, still.matches);
      if (!session || visibility <= 0) return;
      const { info, plan } = session;
      const span = adjustmentsOf(info, plan.report.pipeline).tgc.applies ? spanOf(info, plan.report) : null;
      if (!span) return;
      const points = pointsOf(askedPipeline(scene.state).display?.tgcDb);
      const { decibels } = scene.state.language.messages;
      drawCurve(scene, { points, span, active: point, visibility, label: decibels });
    },
    actions: [
      {
        id: "imaging.open",
        keys: ["t"],
        label: (state) => texts(state).open,
        run: () => viewer.commands.toggleDrawer("imaging"),
      },
      {
        id: "imaging.grey-map",
        keys: ["g"],
        label: (state) => texts(state).nextGreyMap,
        run: () => imaging.nextGreyMap(),
      },
      {
        id: "imaging.auto-gain",
        keys: ["A"],
        label: (state) => texts(state).autoGain,
        run: () => {
          void imaging.autoGain();
        },
      },
      {
        id: "imaging.undo",
        keys: ["u"],
        label: (state) => texts(state).undo,
        run: () => imaging.undo(),
      },
      {
        id: "imaging.redo",
        keys: ["U"],
        label: (state) => texts(state).redo,
        run: () => imaging.redo(),
      },
    ],
    api: { autoGain: () => imaging.autoGain() },
  };
}
