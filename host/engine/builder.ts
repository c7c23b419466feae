/** Builds steps in a workspace one behind another, and later again from the first one that changed. */
import type { Step } from "./imager.ts";
import type { Workspace } from "./workspace.ts";

export class Builder {
  readonly #workspace: Workspace;
  /** Key of every step that is built, and where its memory begins. */
  #keys: string[] = [];
  #marks: number[] = [];

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** Whether a step at this place is built with this key. */
  has(place: number, { key }: Step): boolean {
    return this.#keys[place] === key;
  }

  /** Makes the next `build` make everything. */
  forget(): void {
    this.#keys = [];
  }

  /**
   * Builds what changed and everything behind it; returns those steps. `laidOut` is called when the layout is known and before any
   * table is filled.
   */
  build(steps: readonly Step[], laidOut: () => void = () => {}): readonly Step[] {
    const workspace = this.#workspace;
    const changed = steps.findIndex((step, place) => !this.has(place, step));
    if (changed < 0) {
      laidOut();
      return [];
    }
    this.#keys.length = changed;
    workspace.rewind(changed > 0 ? this.#marks[changed] : 0);
    for (const step of steps.slice(changed)) {
      this.#marks[this.#keys.length] = workspace.mark;
      step.build();
      this.#keys.push(step.key);
    }
    laidOut();
    workspace.commit();
    return steps.slice(changed);
  }
}
