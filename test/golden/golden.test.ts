/** The reference results, through the command line: what independent codes computed on real and simulated recordings. */
import { existsSync, readFileSync } from "node:fs";
import { inflateSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { scratchFolder, sonde } from "../command.ts";
import { sharedData } from "../shared.ts";
import { BEAMFORM_WORDS, type GoldenCase, PHASED_SECTOR_WORDS, PICMUS_WORDS, readCases } from "./cases.ts";
import {
  correlation,
  lateralFwhmMm,
  magnitudes,
  maxRelative,
  readNpy,
  realParts,
  relativeL2,
} from "./compare.ts";

const folder = scratchFolder();

test("the built command line answers", async () => {
  const { code, stdout } = await sonde("--help");
  assert.is(code, 0);
  assert.match(stdout, "sonde beamform FILE -o OUT.npy");
});

async function run(words: string[], output: string) {
  const outcome = await sonde(...words);
  assert.is(outcome.code, 0, `${words.join(" ")}: ${outcome.stderr}`);
  return readNpy(output);
}

/** [axes of ours] to [axes of the golden], complex. */
function permute(values: ArrayLike<number>, shape: number[], order: number[]): Float32Array {
  const out = new Float32Array(values.length);
  const target = order.map((axis) => shape[axis]);
  const strides = shape.map((_, axis) =>
    shape.slice(axis + 1).reduce((product, length) => product * length, 1),
  );
  const count = shape.reduce((product, length) => product * length, 1);
  for (let i = 0; i < count; i++) {
    let rest = i;
    let from = 0;
    for (let axis = target.length - 1; axis >= 0; axis--) {
      from += (rest % target[axis]) * strides[order[axis]];
      rest = Math.floor(rest / target[axis]);
    }
    out[2 * i] = values[2 * from];
    out[2 * i + 1] = values[2 * from + 1];
  }
  return out;
}

function check(
  entry: GoldenCase,
  ours: ArrayLike<number>,
  golden: ArrayLike<number>,
  complex: boolean,
  what: string,
): void {
  const { rel_l2, max_rel } = entry.tolerance as Record<string, number>;
  const error = relativeL2(ours, golden);
  if (rel_l2 !== undefined) assert.ok(error <= rel_l2, `${what}: relative L2 ${error} over ${rel_l2}`);
  if (max_rel !== undefined) {
    const worst = maxRelative(ours, golden, complex);
    assert.ok(worst <= max_rel, `${what}: maximum ${worst} over ${max_rel}`);
  }
}

if (sharedData) {
  const data = sharedData;
  const cases = readCases(data);
  const find = (id: string): GoldenCase => {
    const entry = cases.get(id);
    if (!entry) throw new Error(`golden.json has no ${id}`);
    return entry;
  };
  const output = `${folder}/out.npy`;

  for (const [id, words] of Object.entries(BEAMFORM_WORDS)) {
    const entry = find(id);
    for (const input of entry.inputs)
      test(`${id} from ${input}`, async () => {
        const ours = await run(["beamform", `${data}${input}`, "-o", output, ...words], output);
        const golden = readNpy(`${data}${entry.outputs[0].file}`);
        if (id === "pwi_mach_bf4")
          return check(entry, permute(ours.values, ours.shape, [2, 1, 0]), golden.values, true, input);
        if (id === "pwi_ens64_input")
          return check(entry, permute(ours.values, ours.shape, [1, 2, 0]), golden.values, true, input);
        if (id === "pwi_mach_power") {
          const [frames, nz, nx] = ours.shape;
          const power = new Float64Array(nx * nz);
          for (let f = 0; f < frames; f++)
            for (let k = 0; k < nz; k++)
              for (let i = 0; i < nx; i++) {
                const at = 2 * ((f * nz + k) * nx + i);
                power[i * nz + k] += ours.values[at] ** 2 + ours.values[at + 1] ** 2;
              }
          assert.is(frames, 32);
          return check(entry, power, golden.values, false, input);
        }
        const values = golden.complex ? ours.values : realParts(ours.values);
        check(entry, values, golden.values, golden.complex, input);
      });
  }

  // The real Doppler disk once more, from every format it was written in. zea counts the carrier from the first sample, so only
  // amplitudes are comparable there.
  for (const input of [
    "uff/must_pwi_disk_iq8.uff",
    "zea/must_pwi_disk.hdf5",
    "zea/must_pwi_disk_4frames_layout1_legacy.hdf5",
    "zea/must_pwi_disk_iq2_layout2.hdf5",
  ])
    test(`the Doppler disk from ${input}`, async () => {
      const words = BEAMFORM_WORDS["pwi_fnum_1.0"];
      const ours = await run(["beamform", `${data}${input}`, "-o", output, ...words], output);
      const golden = readNpy(`${data}golden/pwi_fnum_1.0.npy`);
      const error = relativeL2(magnitudes(ours.values), magnitudes(golden.values));
      assert.ok(error <= 1e-3, `relative L2 ${error}`);
    });

  test("the Doppler disk, sampled below twice its carrier, is round and bright without any option", async () => {
    const grid = ["--x", "-14:14:141", "--z", "10:36:131"];
    const { values } = await run(["image", `${data}must/PWI_disk.mat`, "-o", output, ...grid], output);
    // MUST's disk: radius 10 mm about (-0.8, 22.3) mm in the frames' own pictures.
    const mean = (inside: (x: number, z: number) => boolean) => {
      let [sum, count] = [0, 0];
      values.forEach((level, i) => {
        const [x, z] = [-14 + 0.2 * (i % 141) + 0.8, 10 + 0.2 * Math.floor(i / 141) - 22.3];
        if (!inside(x, z)) return;
        sum += level;
        count++;
      });
      return sum / count;
    };
    const within = (r0: number, r1: number, x: number, z: number) =>
      Math.hypot(x, z) >= r0 && Math.hypot(x, z) < r1;
    for (const side of [-1, 1]) {
      const disk = mean((x, z) => side * x > 0 && within(0, 8, x, z));
      const around = mean((x, z) => side * x > 0 && within(11.5, 13, x, z));
      assert.ok(disk - around > 10, `side ${side}: ${disk} dB inside, ${around} dB around`);
      const [above, below] = [
        mean((x, z) => side * z > 0 && within(0, 8, x, z)),
        mean((x, z) => side * z > 0 && within(11.5, 13, x, z)),
      ];
      assert.ok(above - below > 10, `depth side ${side}: ${above} dB inside, ${below} dB around`);
    }
  });

  test("pwi_rf2iq_frame0", async () => {
    const entry = find("pwi_rf2iq_frame0");
    const ours = await run(
      ["convert", `${data}${entry.inputs[0]}`, output, "--signal", "iq", "--frames", "0:1"],
      output,
    );
    const [, , elements, samples] = ours.shape;
    const turned = permute(ours.values, [elements, samples], [1, 0]);
    const golden = readNpy(`${data}${entry.outputs[0].file}`).values;
    check(entry, turned, golden, true, "all rows");
    const rows = [40 * 2 * elements, 294 * 2 * elements] as const;
    const middle = relativeL2(turned.subarray(...rows), golden.subarray(...rows));
    assert.ok(middle <= (entry.tolerance["rel_l2_rows_40_294"] as number), `rows 40 to 294: ${middle}`);
  });

  test("pwi_fnum_opt", async () => {
    const entry = find("pwi_fnum_opt");
    const { stdout } = await sonde("info", `${data}must/PWI_disk.mat`, "--json");
    const { suggested } = JSON.parse(stdout) as { suggested: { fNumber: number } };
    assert.ok(
      Math.abs(suggested.fNumber - (entry.metrics?.["f_number"] ?? 0)) <=
        (entry.tolerance["max_abs"] as number),
      `${suggested.fNumber}`,
    );
  });

  test("pwi_bmode40", async () => {
    const entry = find("pwi_bmode40");
    const path = `${folder}/bmode.png`;
    const { code, stderr } = await sonde(
      "image",
      `${data}${entry.inputs[0]}`,
      "-o",
      path,
      "--dynamic-range",
      "40",
    );
    assert.is(code, 0, stderr);
    const ours = readGreyPng(path);
    const golden = readNpy(`${data}${entry.outputs[0].file}`);
    assert.equal([ours.height, ours.width], golden.shape);
    let worst = 0;
    golden.values.forEach((value, i) => {
      worst = Math.max(worst, Math.abs(value - ours.levels[i]));
    });
    assert.ok(worst <= (entry.tolerance["max_abs"] as number), `${worst} levels`);
  });

  test("phased_scanconv", async () => {
    const entry = find("phased_scanconv");
    const ours = await run(
      [
        "image",
        `${data}${entry.inputs[0]}`,
        "-o",
        output,
        "--stack",
        "transmits",
        "--dynamic-range",
        "50",
        ...PHASED_SECTOR_WORDS,
        "--x",
        "-75:75:256",
        "--z",
        "0:132.460023:256",
      ],
      output,
    );
    const golden = readNpy(`${data}${entry.outputs[0].file}`);
    compareDecibels(ours.values, golden.values, 256, entry.tolerance["max_abs"] as number, -50);
  });

  for (const [id, words] of Object.entries(PICMUS_WORDS)) {
    const entry = find(id);
    test(id, async () => {
      const ours = await run(["beamform", `${data}${entry.inputs[0]}`, "-o", output, ...words], output);
      const firings = id.includes("_1pw") ? 1 : id.includes("_11pw") ? 11 : 75;
      const envelope = normalizedEnvelope(ours.values, firings);
      check(entry, envelope, readNpy(`${data}${entry.outputs[0].file}`).values, false, id);
      const official = { 1: 0.812, 11: 0.534, 75: 0.557 }[firings];
      const scene = find(id.replace("_linear", "")).score;
      if (!scene || official === undefined) throw new Error("no scene");
      const grid = ([min, max, count]: [number, number, number]) => ({ min, max, count });
      const width = lateralFwhmMm(envelope, grid(scene.x), grid(scene.z), scene.points);
      assert.ok(Math.abs(width / official - 1) <= 0.03, `lateral FWHM ${width} mm, official ${official} mm`);
      const { fwhm_abs_mm } = entry.tolerance as Record<string, number>;
      if (fwhm_abs_mm)
        assert.ok(
          Math.abs(width - (entry.metrics?.["fwhm_lateral_mm"] ?? 0)) <= fwhm_abs_mm,
          `lateral FWHM ${width} mm`,
        );
    });
  }

  const film = "echopen/rf_film_frames50-59_i16le_10x64x1689.bin";
  test("echopen_envelope_f50", async () => {
    const entry = find("echopen_envelope_f50");
    const ours = await run(
      ["convert", `${data}${film}`, output, "--remove-mean", "--band", "0.1:7.8", "--frames", "0:1"],
      output,
    );
    check(entry, magnitudes(ours.values), readNpy(`${data}${entry.outputs[0].file}`).values, false, film);
  });

  test("echopen_envelope_film_check: our envelope against the one echOpen's own software computed", async () => {
    const ours = await run(
      ["convert", `${data}${film}`, output, "--remove-mean", "--band", "0.1:7.8", "--frames", "0:6"],
      output,
    );
    const ourEnvelope = magnitudes(ours.values);
    const theirs = await run(
      ["convert", `${data}echopen/envelope_film_frames50-55_u16le_6x64x1689.bin`, output],
      output,
    );
    assert.equal(ours.shape, theirs.shape);
    const theirEnvelope = realParts(theirs.values);
    const perFrame = theirEnvelope.length / 6;
    for (let f = 0; f < 6; f++) {
      const r = correlation(
        ourEnvelope.subarray(f * perFrame, (f + 1) * perFrame),
        theirEnvelope.subarray(f * perFrame, (f + 1) * perFrame),
      );
      assert.ok(r >= 0.99, `frame ${f}: correlation ${r}`);
    }
    let [xy, xx] = [0, 0];
    for (let i = 0; i < ourEnvelope.length; i++) {
      xy += ourEnvelope[i] * theirEnvelope[i];
      xx += ourEnvelope[i] ** 2;
    }
    assert.ok(Math.abs(xy / xx - 2) <= 0.05, `slope ${xy / xx}`);
  });

  test("echopen_sector_f50", async () => {
    const entry = find("echopen_sector_f50");
    const edge = 160 * Math.sin((28.5 * Math.PI) / 180);
    const top = 80 * Math.cos((28.5 * Math.PI) / 180);
    // The golden puts the last of 1689 samples at 160 mm, which is 1480 m/s and 15.625 MHz but for 0.07 %.
    const speed = (2 * 15.625e6 * 0.08) / 1688;
    const ours = await run(
      [
        "image",
        `${data}${film}`,
        "-o",
        output,
        "--remove-mean",
        "--band",
        "1.5:5.5",
        "--dynamic-range",
        "40",
        "--frames",
        "0:1",
        "--sound-speed",
        String(speed),
        "--x",
        `${-edge}:${edge}:200`,
        "--z",
        `${top}:160:200`,
      ],
      output,
    );
    const golden = readNpy(`${data}${entry.outputs[0].file}`);
    const shifted = Float32Array.from(ours.values, (value) => value + 40);
    compareDecibels(shifted, golden.values, 200, entry.tolerance["max_abs"] as number, 0);
  });

  for (const [id, inputs] of [
    [
      "echopen_lounger_3_5MHz",
      [
        ["echopen/lounger_v1_3_5MHz_frame0.txt"],
        ["echopen/e3_tcp7538_2frames.bin"],
        [
          "echopen/e4_udp51000_2frames.lenprefixed.bin",
          "--settings",
          `${data}echopen/lounger_v1_3_5MHz_settings.txt`,
        ],
      ],
    ],
    ["echopen_lounger_5MHz", [["echopen/lounger_v1_5MHz_frame0.txt"]]],
  ] as const)
    for (const [input, ...extra] of inputs)
      test(`${id} from ${input}`, async () => {
        const entry = find(id);
        const ours = await run(
          [
            "beamform",
            `${data}${input}`,
            "-o",
            output,
            "--frames",
            "0:1",
            "--x",
            "-60:60:161",
            "--z",
            "0:180:181",
            ...extra,
          ],
          output,
        );
        const values = realParts(ours.values);
        const golden = readNpy(`${data}${entry.outputs[0].file}`).values;
        const r = correlation(values, golden);
        assert.ok(r >= (entry.tolerance["corr"] as number), `correlation ${r}`);
        const [width, height] = halfHeightExtentMm(values, 161, 181, 0.75, 1);
        assert.ok(
          Math.abs(width - 20) <= 0.75 && Math.abs(height - 40) <= 1,
          `rectangle ${width} x ${height} mm on a 0.75 x 1 mm grid`,
        );
        const { stdout } = await sonde("info", `${data}${input}`, "--json", ...extra);
        const { lineTable } = JSON.parse(stdout) as { lineTable: number[][] };
        const table = readNpy(`${data}${entry.outputs[1].file}`).values;
        assert.is(lineTable.length, 100);
        lineTable.forEach(([x0, z0, angle], i) => {
          const expected = [table[3 * i], table[3 * i + 1], -table[3 * i + 2]];
          [x0 * 1e3, z0 * 1e3, angle].forEach((value, k) => {
            assert.ok(
              Math.abs(value - expected[k]) <= (entry.tolerance["line_table_max_abs"] as number),
              `line ${i}`,
            );
          });
        });
      });

  test("the swinging probe's rectangle measures 20 x 40 mm within half a millimetre", async () => {
    for (const name of ["3_5MHz", "5MHz"]) {
      const ours = await run(
        [
          "beamform",
          `${data}echopen/lounger_v1_${name}_frame0.txt`,
          "-o",
          output,
          "--x",
          "-60:60:1201",
          "--z",
          "0:180:1801",
        ],
        output,
      );
      const [width, height] = halfHeightExtentMm(realParts(ours.values), 1201, 1801, 0.1, 0.1);
      assert.ok(
        Math.abs(width - 20) <= 0.5 && Math.abs(height - 40) <= 0.5,
        `${name}: ${width} x ${height} mm`,
      );
    }
  });
}

/** Extent of what is at least half the maximum, along the row and the column through its centre: between crossings. */
function halfHeightExtentMm(
  values: ArrayLike<number>,
  nx: number,
  nz: number,
  dxMm: number,
  dzMm: number,
): [number, number] {
  let top = 0;
  for (let i = 0; i < values.length; i++) top = Math.max(top, values[i]);
  let [sx, sz, sum] = [0, 0, 0];
  for (let k = 0; k < nz; k++)
    for (let i = 0; i < nx; i++)
      if (values[k * nx + i] >= top / 2) {
        sx += i;
        sz += k;
        sum++;
      }
  const [column, row] = [Math.round(sx / sum), Math.round(sz / sum)];
  const extent = (at: (i: number) => number, count: number, start: number) => {
    const crossing = (direction: 1 | -1) => {
      let i = start;
      while (i >= 0 && i < count && at(i) >= top / 2) i += direction;
      const inner = at(i - direction);
      const outer = i >= 0 && i < count ? at(i) : 0;
      return i - direction + (direction * (inner - top / 2)) / (inner - outer);
    };
    return crossing(1) - crossing(-1);
  };
  return [
    extent((i) => values[row * nx + i], nx, column) * dxMm,
    extent((k) => values[k * nx + column], nz, row) * dzMm,
  ];
}

/** Every pixel within tolerance, but for the one-pixel rim between inside and outside. */
function compareDecibels(
  ours: ArrayLike<number>,
  golden: ArrayLike<number>,
  columns: number,
  tolerance: number,
  outside: number,
): void {
  assert.is(ours.length, golden.length);
  let compared = 0;
  for (let i = 0; i < golden.length; i++) {
    const neighbours = [-columns - 1, -columns, -columns + 1, -1, 1, columns - 1, columns, columns + 1].map(
      (d) => i + d,
    );
    const rim = neighbours.some(
      (n) => n >= 0 && n < golden.length && (golden[n] === outside) !== (golden[i] === outside),
    );
    if (rim) continue;
    compared++;
    assert.ok(
      Math.abs(ours[i] - golden[i]) <= tolerance,
      `pixel ${i % columns}, ${Math.floor(i / columns)}: ${ours[i]} dB, golden ${golden[i]} dB`,
    );
  }
  assert.ok(compared > golden.length / 2, `${compared} pixels compared`);
}

/** PICMUS divides by the sum of the weights of each pixel and by the number of firings; sonde writes the plain sum. */
function normalizedEnvelope(values: ArrayLike<number>, firings: number): Float64Array {
  const envelope = magnitudes(values);
  const n = 256;
  for (let k = 0; k < n; k++)
    for (let i = 0; i < n; i++) {
      const x = -0.018 + (0.036 * i) / (n - 1);
      const z = 0.01 + (0.036 * k) / (n - 1);
      let sum = 0;
      for (let e = 0; e < 128; e++) {
        const q = (Math.abs(x - (e - 63.5) * 0.3e-3) * 1.75) / z;
        if (q <= 0.5) sum += q <= 0.375 ? 1 : 0.5 * (1 + Math.cos(8 * Math.PI * (q - 0.125 - 0.5)));
      }
      envelope[k * n + i] /= sum * firings;
    }
  return envelope;
}

/** Levels of an 8-bit grey PNG with the filters encoders use. */
function readGreyPng(path: string): { width: number; height: number; levels: Uint8Array } {
  const bytes = readFileSync(path);
  const idat: Buffer[] = [];
  let [width, height, colour] = [0, 0, -1];
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString("latin1", at + 4, at + 8);
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (type === "IHDR") [width, height, colour] = [body.readUInt32BE(0), body.readUInt32BE(4), body[9]];
    if (type === "IDAT") idat.push(body);
    at += 12 + length;
  }
  assert.is(colour, 0, "a grey PNG");
  const raw = inflateSync(Buffer.concat(idat));
  const levels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (width + 1)];
    for (let x = 0; x < width; x++) {
      const value = raw[y * (width + 1) + 1 + x];
      const left = x ? levels[y * width + x - 1] : 0;
      const up = y ? levels[(y - 1) * width + x] : 0;
      const corner = x && y ? levels[(y - 1) * width + x - 1] : 0;
      const paeth = () => {
        const p = left + up - corner;
        const [a, b, c] = [Math.abs(p - left), Math.abs(p - up), Math.abs(p - corner)];
        return a <= b && a <= c ? left : b <= c ? up : corner;
      };
      const predicted = [0, left, up, (left + up) >> 1, filter === 4 ? paeth() : 0][filter];
      levels[y * width + x] = value + predicted;
    }
  }
  return { width, height, levels };
}

assert.ok(existsSync(folder));
test.run();
