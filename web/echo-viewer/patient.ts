/** Whose examination is shown, as the page says it: the viewer stores and sends none of it. */

import type { Acquisition } from "../../host/index.ts";
import type { Messages } from "./languages/english.ts";
import type { Request, ViewerState } from "./store.ts";

/** The fields that are known, in the order they are shown. */
export const PATIENT_FIELDS = [
  "name",
  "id",
  "birthDate",
  "sex",
  "exam",
  "date",
  "operator",
  "institution",
  "note",
] as const;
export type PatientField = (typeof PATIENT_FIELDS)[number];

/** What a page gives; dates as 2026-11-29. */
export type Patient = Readonly<Partial<Record<PatientField, string>>>;

/** What says who the patient is, or could: hidden by `privacy`. */
const IDENTIFYING: ReadonlySet<PatientField> = new Set([
  "name",
  "id",
  "birthDate",
  "date",
  "operator",
  "institution",
  "note",
]);

/** The value as a patient; undefined when it is none: other fields, or values that are no texts. */
export function patientFrom(value: unknown): Patient | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const known = Object.entries(value).every(
    ([field, text]) => PATIENT_FIELDS.some((one) => one === field) && typeof text === "string",
  );
  return known ? (value as Patient) : undefined;
}

/** What is shown of a patient: fields with their texts, without those that privacy hides. */
export function shownFields(
  patient: Patient,
  privacy: boolean,
): readonly (readonly [PatientField, string])[] {
  return PATIENT_FIELDS.flatMap((field) => {
    const text = patient[field]?.trim();
    return text && !(privacy && IDENTIFYING.has(field)) ? [[field, text] as const] : [];
  });
}

/** What says whose a picture is. */
export type Whose = Pick<ViewerState, "session" | "sessionPatient" | "patient" | "file">;

/**
 * Whose picture this is; null: nobody said. It stays that of the one it was opened for while the page asks for another one's. A file that
 * a person opened is not known to be of the page's patient.
 */
export function patientOf({ session, sessionPatient, patient, file }: Whose): Patient | null {
  if (session) return sessionPatient;
  return file ? null : patient;
}

/** What is shown of the patient, on one line; empty: nobody said who it is. */
export function patientLine(
  state: Whose & Pick<ViewerState, "privacy">,
  { patientHidden, day }: Messages,
): string {
  const { privacy } = state;
  const patient = patientOf(state);
  if (!patient) return "";
  const texts = shownFields(patient, privacy).map(([field, text]) =>
    field === "birthDate" || field === "date" ? day(text) : text,
  );
  return [...(privacy ? [patientHidden] : []), ...texts].join("  ");
}

/** What tells people apart. */
const TELLING = ["id", "name", "birthDate"] as const;

/** They are of one person, as far as anybody says: what tells people apart is the same where both say it, and one does not say it alone. */
export function samePatient(a: Patient | null, b: Patient | null): boolean {
  const said = [a, b].map((patient) => TELLING.filter((field) => patient?.[field]));
  if (said.every(({ length }) => length === 0)) return true;
  const both = said[0].filter((field) => said[1].includes(field));
  return both.length > 0 && both.every((field) => a?.[field] === b?.[field]);
}

/** Somebody else was named: both are told apart from others, and not the same. */
export function isAnother(before: Patient | null, now: Patient | null): boolean {
  const told = [before, now].every((patient) => TELLING.some((field) => patient?.[field]));
  return told && !samePatient(before, now);
}

/** A source's name, which may be a patient's: where patients are hidden, what it is. */
export function nameOf(info: Acquisition, privacy: boolean): string {
  return privacy && info.format !== "simulated" ? info.format : info.name;
}

/** A sentence without the name of what was asked for, which may be a patient's. */
export function withoutNames(sentence: string, request: Request | null): string {
  const asked = request?.kind === "file" ? request.file.name : request?.kind === "src" ? request.src : "";
  const names = [asked, asked.split(/[\\/]/).pop()];
  return names.reduce<string>((text, name) => (name ? text.replaceAll(name, "…") : text), sentence);
}

/** The name of the source that is open. */
export function sourceOf({ session, privacy }: Pick<ViewerState, "session" | "privacy">): string {
  return session ? nameOf(session.info, privacy) : "";
}
