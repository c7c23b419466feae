/** How the picture lies on the stage: what a person turned, flipped, zoomed and moved. The picture's data stay as they are. */

export interface View {
  /** 1: the whole picture fits. */
  zoom: number;
  /** Point of the picture at the middle of its room, in parts of its width and height, from its top left corner. */
  centre: readonly [u: number, v: number];
  /** Mirrored left to right, before it is turned. */
  flipX: boolean;
  /** Mirrored top to bottom, before it is turned. */
  flipY: boolean;
  /** Turned clockwise by so many right angles. */
  quarterTurns: 0 | 1 | 2 | 3;
}

export const WHOLE_VIEW: View = { zoom: 1, centre: [0.5, 0.5], flipX: false, flipY: false, quarterTurns: 0 };

export const ZOOM_LIMITS = [1, 16] as const;
