/** A picture beside the main one in a film: a kept one stays as it is, a second pipeline makes one of every frame. */
import type { GreyMap, Image } from "../../../../host/index.ts";
import { besideOf } from "../../beside.ts";
import { type Box, pictureRoom } from "../../draw/layout.ts";
import { type Mapping, mappingOf } from "../../draw/mapping.ts";
import { drawBeside, type Ink } from "../../draw/overlay.ts";
import { Picture } from "../../draw/picture.ts";
import type { ViewerState } from "../../store.ts";
import type { View } from "../../view.ts";
import type { FilmedPane, Shot } from "../feature.ts";
import type { ArrayPlace, Content, ContentFilm } from "./content.ts";

/** How it lies on the stage. */
interface Place {
  area: Box;
  view: View;
  caption: string;
}

/** The scales beside a picture of a content. */
export function drawContentScale(
  context: CanvasRenderingContext2D,
  { dynamicRangeDb, greyMap, array }: Pick<Content, "dynamicRangeDb" | "greyMap" | "array">,
  state: ViewerState,
  shown: { image: Image; mapping: Mapping },
  ink: Ink,
): void {
  drawBeside(context, { ...besideOf(state), ...array, ...shown, dynamicRangeDb, greyMap }, ink);
}

export class PictureFilm implements FilmedPane {
  readonly area: Box;
  readonly caption: string;
  readonly #view: View;
  readonly #looks: { dynamicRangeDb: number; greyMap: GreyMap; array?: ArrayPlace } | null;
  readonly #film: ContentFilm | undefined;
  readonly #picture = new Picture();
  #image: Image | null = null;
  #state: ViewerState | undefined;

  constructor(content: Content | null, { area, view, caption }: Place) {
    this.area = area;
    this.caption = caption;
    this.#view = view;
    this.#film = content?.film?.();
    this.#looks = content && {
      dynamicRangeDb: content.dynamicRangeDb,
      greyMap: content.greyMap,
      ...(content.array ? { array: content.array } : {}),
    };
    if (content?.image && !this.#film) this.#load({ ...content.image, pixels: content.image.pixels.slice() });
  }

  #load(image: Image): void {
    this.#image = image;
    this.#picture.load(image);
  }

  get #mapping(): Mapping | null {
    const { area } = this;
    if (!this.#image || area.width < 1 || area.height < 1) return null;
    return mappingOf(pictureRoom(area.width, area.height, area.x, area.y), this.#image, this.#view);
  }

  async show({ frame, state }: Shot): Promise<void> {
    this.#state = state;
    if (this.#film) this.#load(await this.#film.run(frame, state.position));
  }

  drawPicture(context: CanvasRenderingContext2D, scale: number): void {
    const mapping = this.#mapping;
    if (mapping) this.#picture.draw(context, mapping, scale);
  }

  drawScale(context: CanvasRenderingContext2D, ink: Ink): void {
    const image = this.#image;
    const mapping = this.#mapping;
    if (image && mapping && this.#looks && this.#state)
      drawContentScale(context, this.#looks, this.#state, { image, mapping }, ink);
  }

  close(): void {
    this.#film?.close();
    this.#picture.clear();
  }
}
