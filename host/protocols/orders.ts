/** Values of orders, checked against the control they are for. */
import { SondeError } from "../errors.ts";
import { quote } from "../formats/quote.ts";
import type { DeviceControl } from "../live/protocol.ts";

type NumberControl = Extract<DeviceControl, { kind: "number" }>;
type ChoiceControl = Extract<DeviceControl, { kind: "choice" }>;

/** @throws SondeError `bad-option` unless it is a number within the control's range, on one of its steps */
export function orderNumber(control: NumberControl, value: number | string): number {
  const { id, min, max, step, unit } = control;
  const number = Number(value);
  const steps = (number - min) / step;
  if (value !== "" && number >= min && number <= max && Math.abs(steps - Math.round(steps)) < 1e-6)
    return number;
  throw new SondeError(
    "bad-option",
    `${id} is ${quote(String(value))}; it must be from ${min} to ${max}${unit && ` ${unit}`} in steps of ${step}.`,
    { fields: { control: id, value } },
  );
}

/** @throws SondeError `bad-option` unless it is one of the choices */
export function orderWord(control: ChoiceControl, value: number | string): string {
  const { id, choices } = control;
  const word = choices.find((choice) => choice === value);
  if (word !== undefined) return word;
  throw new SondeError(
    "bad-option",
    `${id} is ${quote(String(value))}; choose one of ${choices.join(", ")}.`,
    {
      fields: { control: id, value },
    },
  );
}

export function unknownOrder(control: string, controls: readonly DeviceControl[]): SondeError {
  return new SondeError(
    "bad-option",
    `The device has no control ${quote(control)}; it has ${controls.map(({ id }) => id).join(", ")}.`,
    { fields: { control } },
  );
}
