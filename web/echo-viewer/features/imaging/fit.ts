/** Gain and TGC for the frame on the screen, found by a plan beside the session's: the picture goes on meanwhile. */
import { type AutoGain, adjustmentsOf, autoGain } from "../../../../host/index.ts";
import type { Viewer } from "../feature.ts";

/**
 * @returns undefined where the frame has no echoes, or there is none
 * @throws SondeError what plans throw
 */
export async function fitToFrame({ store, session: sessions, cine }: Viewer): Promise<AutoGain | undefined> {
  const { session, image, position } = store.state;
  const [stored, before] = [cine.stored(position), cine.stored(position - 1)];
  if (!session || !image || !stored) return undefined;
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
