import type { Acquisition } from "../model.ts";

/** Whether two acquisitions can share a plan: everything alike but names and remarks. */
export function sameGeometry(one: Acquisition, other: Acquisition): boolean {
  return geometryText(one) === geometryText(other);
}

function geometryText(info: Acquisition): string {
  const { name: _name, warnings: _warnings, frameCount: _count, frameRateHz: _rate, ...rest } = info;
  return JSON.stringify(rest, (_key, value: unknown) =>
    ArrayBuffer.isView(value)
      ? [...(value as Float64Array)]
      : typeof value === "number"
        ? String(value)
        : value,
  );
}
