/** Which of the HDF5 formats a file is, from its content. */
import { SondeError } from "../../errors.ts";
import type { Source } from "../../source.ts";
import type { FileBytes } from "../file.ts";
import { readPicmus } from "../picmus.ts";
import { readUff } from "../uff.ts";
import { readZea } from "../zea.ts";
import { type Hdf5File, openHdf5File } from "./client.ts";
import { textOf } from "./fields.ts";
import type { Hdf5Group } from "./protocol.ts";

type Reader = (file: Hdf5File) => Promise<Source>;

function readerFor(root: Hdf5Group): Reader | undefined {
  const { children, attributes } = root;
  const groups = Object.values(children).filter((node): node is Hdf5Group => node.kind === "group");
  if (groups.some((group) => textOf(group.attributes["class"])?.startsWith("uff."))) return readUff;
  if (children["US"]) return readPicmus;
  const legacy = (children["data"] && children["scan"]) || children["event_0"];
  if (children["tracks"] || attributes["zea_version"] || legacy) return readZea;
  return undefined;
}

async function read(file: Hdf5File): Promise<Source> {
  const root = await file.describe("/", { depth: 1, attributes: ["class", "zea_version"] });
  const reader = root.kind === "group" ? readerFor(root) : undefined;
  if (reader) return reader(file);
  const names = root.kind === "group" ? Object.keys(root.children) : [];
  const holds = names.slice(0, 8).join(", ") || "nothing";
  throw new SondeError(
    "unsupported-format",
    `${file.name} is an HDF5 file of no kind that Sonde reads (UFF, PICMUS, zea); it holds ${holds}.`,
    { fields: { holds } },
  );
}

/**
 * Opens UFF, PICMUS and zea files; their frames are read when asked for.
 * @throws SondeError `unsupported-format`, `missing-data`, `corrupt-file`, `unsupported-platform`
 */
export async function openHdf5(bytes: FileBytes): Promise<Source> {
  const file = await openHdf5File(bytes);
  try {
    return await read(file);
  } catch (error) {
    file.close();
    throw error;
  }
}
