/** Follows the way to a device: its state goes into the store, whoever looks at the frames. */
import type { LiveSource, Source } from "../../../host/index.ts";
import type { Store } from "../store.ts";

/** The source has a device behind it. */
export function isLinked(source: Source | undefined): source is LiveSource {
  return source !== undefined && "link" in source;
}

/** Starts for the life of the store; a session that ends is no longer listened to. */
export function followLink(store: Store): void {
  let stop: (() => void) | undefined;
  store.subscribe((state, previous) => {
    const source = state.session?.source;
    if (source === previous.session?.source) {
      // A new plan of the same device forgets what is known of the way to it.
      if (state.session !== previous.session && isLinked(source)) store.update({ link: source.link });
      return;
    }
    stop?.();
    stop = undefined;
    if (!isLinked(source)) return;
    store.update({ link: source.link });
    stop = source.subscribe((event) => {
      if (event.kind === "link") store.update({ link: event.link });
    });
  });
}
