/** Texts of options to numbers, axes and ranges. */
import type { Axis } from "../model.ts";
import type { Option } from "./words.ts";
import { UsageError } from "./wrong-usage.ts";

/** @throws UsageError for what is no finite number, as all functions here do. */
export function number(name: Option, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new UsageError(`--${name} ${text}: not a number`);
  return value;
}

export const optionalNumber = (name: Option, text: string | undefined): number | undefined =>
  text === undefined ? undefined : number(name, text);

/** `MIN:MAX:N`, MIN and MAX multiplied by `unit`. */
export function axis(name: Option, text: string, unit: number): Axis {
  const parts = text.split(":");
  if (parts.length !== 3) throw new UsageError(`--${name} ${text}: expected MIN:MAX:N`);
  const [min, max, count] = parts.map((part) => number(name, part));
  return { min: min * unit, max: max * unit, count };
}

/** `A:B`, either side open, or one index. */
export function indexRange(name: Option, text: string): { start?: number; end?: number } {
  if (text === "") throw new UsageError(`--${name} "": expected A:B`);
  const parts = text.split(":");
  const whole = (part: string) => {
    if (part === "") return undefined;
    const value = number(name, part);
    if (!Number.isInteger(value) || value < 0)
      throw new UsageError(`--${name} ${text}: expected whole numbers from 0`);
    return value;
  };
  if (parts.length === 1) {
    const start = whole(parts[0]);
    return { start, end: start === undefined ? undefined : start + 1 };
  }
  if (parts.length !== 2) throw new UsageError(`--${name} ${text}: expected A:B`);
  const [start, end] = parts.map(whole);
  if (start !== undefined && end !== undefined && end <= start)
    throw new UsageError(`--${name} ${text}: empty, B must be greater than A`);
  return { start, end };
}

/** `A:B` or `i,j,k` of `all`, as indices. */
export function indexList(name: Option, text: string, all: number): number[] {
  if (!text.includes(":")) return text.split(",").map((part) => number(name, part));
  const { start = 0, end = all } = indexRange(name, text);
  if (start >= all || end > all)
    throw new UsageError(`--${name} ${text}: the data have indices 0 to ${all - 1}`);
  return Array.from({ length: end - start }, (_, i) => start + i);
}
