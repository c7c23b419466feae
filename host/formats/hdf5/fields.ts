/** Reading the fields of a group, with sentences that name the field when it is missing or wrong. */
import { fromErrorMessage, SondeError } from "../../errors.ts";
import type { Hdf5File } from "./client.ts";
import type { Hdf5Dataset, Hdf5Group, Hdf5Node, Numbers, SmallValue } from "./protocol.ts";

/** The first text of an attribute or small dataset, without the padding that some writers leave. */
export function textOf(value: SmallValue | undefined): string | undefined {
  const first = value?.[0];
  return typeof first === "string" ? first.replace(/[\0\s]+$/, "") : undefined;
}

/** The first number of an attribute or small dataset. */
export function numberOf(value: SmallValue | undefined): number | undefined {
  const first = value?.[0];
  return typeof first === "number" ? first : undefined;
}

/** "3 x 64 x 2052", or "a single value". */
export function shapeText(shape: readonly number[]): string {
  return shape.length ? shape.join(" x ") : "a single value";
}

export class Fields {
  constructor(
    readonly file: Hdf5File,
    readonly group: Hdf5Group,
  ) {}

  /** Path of a field, for sentences. */
  path(name: string): string {
    return `${this.group.path === "/" ? "" : this.group.path}/${name}`;
  }

  /** A child of any kind but a link. */
  child(name: string): Exclude<Hdf5Node, { kind: "link" | "other" }> | undefined {
    const node = this.group.children[name];
    if (node?.kind === "link")
      throw this.corrupt(name, "is a link; links are not followed. Store the data in the file itself");
    return node?.kind === "group" || node?.kind === "dataset" ? node : undefined;
  }

  /** A readable dataset. @throws SondeError when it is there but cannot be read */
  dataset(name: string): Hdf5Dataset | undefined {
    const node = this.child(name);
    if (node?.kind !== "dataset") return undefined;
    if (node.problem) throw fromErrorMessage(node.problem);
    return node;
  }

  fields(name: string): Fields | undefined {
    const node = this.child(name);
    return node?.kind === "group" ? new Fields(this.file, node) : undefined;
  }

  text(name: string): string | undefined {
    return textOf(this.dataset(name)?.value);
  }

  /** A single number, or the first of several; undefined when absent. */
  number(name: string): number | undefined {
    return numberOf(this.dataset(name)?.value);
  }

  /** @throws SondeError `missing-data` when absent, `corrupt-file` when not finite or not greater than zero */
  positiveNumber(name: string): number {
    const value = this.number(name);
    if (value === undefined) throw this.missing(name);
    if (!(Number.isFinite(value) && value > 0))
      throw this.corrupt(name, `is ${value}; it must be greater than zero`);
    return value;
  }

  /** A single finite number; `fallback` when absent. */
  finiteNumber(name: string, fallback: number): number {
    const value = this.number(name) ?? fallback;
    if (!Number.isFinite(value)) throw this.corrupt(name, `is ${value}; it must be a finite number`);
    return value;
  }

  /** All numbers of a dataset, row by row; undefined when absent. Reads them when they did not come along. */
  async numbers(name: string): Promise<readonly number[] | Numbers | undefined> {
    const node = this.dataset(name);
    if (!node) return undefined;
    if (node.type !== "integer" && node.type !== "float") throw this.corrupt(name, "does not hold numbers");
    if (node.value) return node.value as readonly number[];
    return (await this.file.read({ paths: [node.path] })).values;
  }

  missing(name: string): SondeError {
    return new SondeError(
      "missing-data",
      `${this.file.name} has no ${this.path(name)}, which imaging needs.`,
      {
        fields: { field: this.path(name) },
      },
    );
  }

  /** `what` continues the sentence that starts with the field's path. */
  corrupt(name: string, what: string): SondeError {
    return new SondeError("corrupt-file", `${this.path(name)} ${what}.`, {
      fields: { field: this.path(name) },
    });
  }
}
