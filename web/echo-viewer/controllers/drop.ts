/** Opens a file that is dropped on the viewer, or pasted while it has the focus. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Commands } from "../commands.ts";
import type { Store } from "../store.ts";

export class DropController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #store: Store;
  readonly #commands: Commands;

  constructor(host: ReactiveControllerHost & HTMLElement, store: Store, commands: Commands) {
    this.#host = host;
    this.#store = store;
    this.#commands = commands;
    host.addController(this);
    host.addEventListener("dragover", this.#onDragOver);
    host.addEventListener("dragleave", this.#onDragLeave);
    host.addEventListener("drop", this.#onDrop);
    host.addEventListener("paste", this.#onPaste);
  }

  hostDisconnected(): void {
    this.#store.update({ dragging: false });
  }

  readonly #onDragOver = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    this.#store.update({ dragging: true });
  };

  readonly #onDragLeave = (event: DragEvent): void => {
    if (event.relatedTarget instanceof Node && this.#host.contains(event.relatedTarget)) return;
    this.#store.update({ dragging: false });
  };

  readonly #onPaste = (event: ClipboardEvent): void => {
    const file = event.clipboardData?.files[0];
    if (!file || event.defaultPrevented) return;
    event.preventDefault();
    this.#commands.openFile(file);
  };

  readonly #onDrop = (event: DragEvent): void => {
    const file = event.dataTransfer?.files[0];
    this.#store.update({ dragging: false });
    if (!file) return;
    event.preventDefault();
    this.#commands.openFile(file);
  };
}
