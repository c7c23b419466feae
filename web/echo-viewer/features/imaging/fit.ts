/** Gain and TGC for the frame on the screen, found by a plan beside the session's: the picture goes on meanwhile. */
import { type AutoGain, adjustmentsOf, autoGain } from "../../../../host/index.ts";
import { isOver, type Session, type Store, type ViewerState } from "../../store.ts";
import type { Viewer } from "../feature.ts";

/** Waits for the first picture of what is open. @returns whether there is one, and not an end, an error or another source instead */
export function untilPicture(store: Store, session: Session): Promise<boolean> {
  const { error } = store.state;
  return new Promise((resolve) => {
    const look = (state: ViewerState): void => {
      const over = state.session !== session || isOver(state) || state.error !== error;
      if (!state.image && !over) return;
      unsubscribe();
      resolve(state.image !== null && state.session === session);
    };
    const unsubscribe = store.subscribe(look);
    look(store.state);
  });
}

/**
 * @returns undefined where the frame has no echoes, or there is none
 * @throws SondeError what plans throw
 */
export async function fitToFrame({ store, session: sessions, cine }: Viewer): Promise<AutoGain | undefined> {
  const { session, image, position } = store.state;
  // Of a live picture that takes long the frame may have left the memory.
  const at = cine.stored(position) ? position : cine.newest;
  const stored = cine.stored(at);
  if (!session || !image || !stored) return undefined;
  const before = cine.stored(at - 1) ?? cine.stored(at + 1);
  const { info } = session;
  const { applied } = sessions;
  const { referenceAmplitude } = image;
  const lease = sessions.lease();
  try {
    const engine = await lease.engine;
    const plan = await engine.plan(info, applied);
    try {
      return await autoGain(plan, applied, await stored.frame(), {
        reference: referenceAmplitude,
        tgc: adjustmentsOf(info, plan.report.pipeline).tgc.applies,
        ...(before && { before: await before.frame() }),
      });
    } finally {
      plan.close();
    }
  } finally {
    lease.release();
  }
}
