// A NumPy file of twelve pictures, [frame][z][x]: grains, and a dark disc that sinks.
const [frames, rows, columns] = [12, 225, 81];
const values = new Float32Array(frames * rows * columns);
let seed = 1;
for (let i = 0; i < values.length; i++) {
  const x = (i % columns) - columns / 2;
  const z = (Math.floor(i / columns) % rows) - 40;
  const frame = Math.floor(i / (rows * columns));
  seed = (seed * 48271) % 2147483647;
  const inside = Math.hypot(3 * x, z - 10 * frame) < 36;
  values[i] = (inside ? 0.01 : 1) * Math.sqrt(-2 * Math.log(seed / 2147483647));
}

const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${frames}, ${rows}, ${columns}), }`.padEnd(
  117,
);
const magic = new Uint8Array([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]);
document.querySelector("echo-viewer").openFile(new File([magic, `${header}\n`, values], "twelve-frames.npy"));
