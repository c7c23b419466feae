/**
 * PICMUS HDF5 (Liebgott et al., IEEE IUS 2016): coherent plane-wave data sets below the group /US.
 *
 *   data/real, data/imag   ([frame,] firing, channel, sample)      probe_geometry  (3, channel): x, y, z
 *   angles (firing)        initial_time, sampling_frequency, modulation_frequency, sound_speed, PRF  (1)
 *
 * One initial time for all firings, counted from the plane front crossing the array's centre; the mixer of IQ data runs
 * on the same axis.
 */
import { SondeError } from "../errors.ts";
import type { Probe, Transmit } from "../model.ts";
import type { Source } from "../source.ts";
import type { Hdf5File } from "./hdf5/client.ts";
import { Fields, numberOf, shapeText, textOf } from "./hdf5/fields.ts";
import { shapeOf } from "./hdf5/probe-kind.ts";
import type { Hdf5Group } from "./hdf5/protocol.ts";
import { hdf5Recording } from "./hdf5/recording.ts";
import { positionsAsMeant } from "./hdf5/stored-positions.ts";

/** Values of the group attributes. */
const TYPE_IMAGE = 1;
const SUBTYPES = ["synthetic aperture", "plane waves", "virtual sources", "focused scan lines"];
const SUBTYPE_PLANE_WAVES = 1;
const FORMAT_IQ = 1;

/** Official IQ files with modulation_frequency 0 were demodulated at the probe's centre frequency: L11-4v, 5.208 MHz. */
const L11_FREQUENCY_HZ = 5.208e6;

/** What a /US group without channel data holds, in words. */
function contents(group: Hdf5Group): string {
  const names = Object.keys(group.children);
  if (numberOf(group.attributes["type"]) === TYPE_IMAGE) return "beamformed images";
  if (names.some((name) => name.startsWith("phantom_"))) return "the description of a phantom";
  if (names.includes("x_axis")) return "a pixel grid";
  return names.join(", ") || "nothing";
}

function findDataset(file: Hdf5File, us: Hdf5Group): Fields {
  const groups = Object.values(us.children).filter((node): node is Hdf5Group => node.kind === "group");
  for (const group of groups)
    if (
      group.children["data"] &&
      group.children["angles"] &&
      numberOf(group.attributes["type"]) !== TYPE_IMAGE
    )
      return new Fields(file, group);
  const found = groups.length ? groups.map(contents).join("; ") : contents(us);
  throw new SondeError("missing-data", `${file.name} is a PICMUS file without echoes; it holds ${found}.`, {
    fields: { holds: found },
  });
}

async function readProbe(fields: Fields, channels: number): Promise<Probe> {
  const shape = fields.dataset("probe_geometry")?.shape;
  const stored = await fields.numbers("probe_geometry");
  if (!shape || !stored) throw fields.missing("probe_geometry");
  if (shape.length !== 2 || shape[0] !== 3 || shape[1] !== channels)
    throw fields.corrupt(
      "probe_geometry",
      `has the shape ${shapeText(shape)}; data of ${channels} channels need 3 x ${channels}`,
    );
  const given = new Float64Array(3 * channels);
  for (let e = 0; e < channels; e++)
    for (let axis = 0; axis < 3; axis++) given[3 * e + axis] = stored[axis * channels + e];
  const positionsM = positionsAsMeant(given);
  if (!positionsM.every(Number.isFinite))
    throw fields.corrupt("probe_geometry", "holds values that are not finite");
  const { apexZM: _, ...shapeFound } = shapeOf(positionsM);
  return { positionsM, ...shapeFound };
}

/**
 * Opens the first plane-wave data set of a PICMUS file.
 * @throws SondeError `missing-data`, `corrupt-file`, `unsupported-format`
 */
export async function readPicmus(file: Hdf5File): Promise<Source> {
  const us = await file.describe("/US", { depth: 3 });
  if (us.kind !== "group") throw new SondeError("corrupt-file", `/US of ${file.name} is not a group.`);
  const fields = findDataset(file, us);
  const { attributes } = fields.group;
  const warnings: string[] = [];

  const subtype = numberOf(attributes["subtype"]) ?? SUBTYPE_PLANE_WAVES;
  if (subtype !== SUBTYPE_PLANE_WAVES)
    throw new SondeError(
      "unsupported-format",
      `${fields.group.path} holds ${SUBTYPES[subtype] ?? `data of subtype ${subtype}`}; PICMUS files are read with plane waves only.`,
      { fields: { subtype } },
    );

  const data = fields.fields("data");
  const real = data?.dataset("real");
  if (!data || !real) throw fields.missing("data/real");
  if (real.shape.length !== 3 && real.shape.length !== 4)
    throw data.corrupt(
      "real",
      `has the shape ${shapeText(real.shape)}; it must be [frame,] firing, channel, sample`,
    );
  const [frameCount, firings, channels, sampleCount] = [1, ...real.shape].slice(-4);

  const angles = await fields.numbers("angles");
  if (!angles) throw fields.missing("angles");
  if (angles.length !== firings)
    throw fields.corrupt("angles", `holds ${angles.length} angles, but data/real holds ${firings} firings`);
  const startS = fields.finiteNumber("initial_time", 0);
  const sampleRateHz = fields.positiveNumber("sampling_frequency");
  const soundSpeedMps = fields.positiveNumber("sound_speed");
  let modulationFrequencyHz = fields.finiteNumber("modulation_frequency", 0);

  const format = numberOf(attributes["signal_format"]);
  const signal = format === FORMAT_IQ || (format === undefined && modulationFrequencyHz > 0) ? "iq" : "rf";
  const imag = data.dataset("imag");
  if (signal === "rf") modulationFrequencyHz = 0;
  else {
    if (!imag) throw data.missing("imag");
    if (imag.shape.join() !== real.shape.join())
      throw data.corrupt(
        "imag",
        `has the shape ${shapeText(imag.shape)}, data/real ${shapeText(real.shape)}`,
      );
    if (modulationFrequencyHz === 0) {
      modulationFrequencyHz = L11_FREQUENCY_HZ;
      warnings.push(
        "The IQ data state a modulation frequency of 0; 5.208 MHz, the probe's centre frequency, is used.",
      );
    }
  }

  const sequence = Array.from(angles, (azimuthRad, i): Transmit => {
    if (!(Math.abs(azimuthRad) < Math.PI / 2))
      throw fields.corrupt(
        "angles",
        `holds ${azimuthRad} for firing ${i}; it must lie between -pi/2 and pi/2`,
      );
    const wave = { kind: "plane", azimuthRad } as const;
    return signal === "iq" ? { wave, startS, mixerStartS: startS } : { wave, startS };
  });
  const probe = await readProbe(fields, channels);
  const centerFrequencyHz = signal === "iq" ? modulationFrequencyHz : undefined;
  const repetitionHz = fields.number("PRF");

  return hdf5Recording(
    file,
    {
      kind: "channels",
      name: textOf(attributes["name"]) || file.name,
      format: "PICMUS",
      signal,
      frameCount,
      frameRateHz: repetitionHz && repetitionHz > 0 ? repetitionHz / firings : undefined,
      soundSpeedMps,
      centerFrequencyHz,
      warnings,
      probe,
      sequence,
      sampleCount,
      sampleRateHz,
      modulationFrequencyHz,
    },
    (index) => ({
      paths: signal === "iq" ? [real.path, data.path("imag")] : [real.path],
      slab: {
        start: [index, 0, 0, 0].slice(-real.shape.length),
        count: [1, firings, channels, sampleCount].slice(-real.shape.length),
      },
    }),
  );
}
