/** What the command line offers, in one place: the help texts. */

const IMAGING = `
Grid (without one it is chosen from the data)
  --x MIN:MAX:N        lateral positions, mm, both ends included
  --z MIN:MAX:N        depths, mm
  --angle MIN:MAX:N    sector about the probe's centre of curvature, degrees
  --range MIN:MAX:N    distances from that centre, mm
Data
  --frames A:B         half-open range of frames
  --transmits A:B|i,j  which transmits to use
  --format NAME        for files without a header: what they are
  --settings FILE      echOpen settings that belong to a recording without a header
Signal
  --signal rf|analytic|iq
  --remove-mean        subtract each channel's or line's mean
  --band LO:HI         band-pass, MHz
  --decimation N       keep every N-th sample of demodulated IQ
Beamforming
  --f-number F|auto    depth divided by aperture; 0: no limit
  --window boxcar|hann|hamming|tukey25|tukey50|tukey75|triangle
  --interpolation auto|nearest|linear|quadratic|cubic|lanczos3|lanczos5|5points
  --transmit-model auto|spherical|first-arrival|hybrid
  --compound coherent|incoherent|none
  --sound-speed C      m/s
Picture
  --dynamic-range DB   10 to 120, default 50
  --gain DB            -60 to 60
  --tgc DB,DB,...      gain at equally spaced depths
  --grey-map gray|inverted|warm|cool
  --height PIXELS      rows of a scan-converted picture, default 512
Other
  --backend auto|wasm
  --threads auto|1     this version runs on one thread
  --json               a machine-readable report on standard output`;

/** Help by command. */
export const USAGE: Record<string, string> = {
  "": `sonde: ultrasound imaging, raw echoes in, pictures out. For research and teaching, not for diagnosis.

  sonde info FILE [--json]            what is in the file, and what is missing or odd
  sonde beamform FILE -o OUT.npy      complex64 [frame][z][x] on a grid
  sonde image FILE -o OUT.png         the picture, as the viewer would show it (OUT.npy: its decibels)
  sonde convert FILE OUT.npy          the channel data or lines, filtered or demodulated as asked
  sonde serve [FILE | PROBE]          the viewer on http://localhost

FILE is a UFF, PICMUS or zea HDF5 file, a MAT file with MUST's names, an echOpen text, film or recorded stream, an NPY
array, or the simulated probe: simulated, simulated:phased, simulated:convex.
\`sonde COMMAND --help\` tells more.`,
  info: `sonde info FILE [--json] [--format NAME] [--settings FILE]

What is in the file: probe, transmits, samples, times; what is missing or odd; the grid Sonde would choose.`,
  beamform: `sonde beamform FILE -o OUT.npy [options]

Writes the plain weighted sum, un-normalised: complex64 [frame][z][x], or [frame][transmit][z][x] with --compound none.
Line data: with a grid their envelope on it (as the real part), without one the lines themselves [frame][line][sample].
Defaults that differ from pictures: --window boxcar.
${IMAGING}`,
  image: `sonde image FILE -o OUT.png|OUT.npy [options]

PNG: the picture of the first frame of --frames; with several frames and OUT.png, OUT-0000.png, OUT-0001.png ...
NPY: float32 decibels [frame][z][x] in [-dynamic range, 0]. For an NPY input, --x/--z or --angle/--range say the grid it
was made on; --angle/--range together with --x/--z scan-convert a sector onto that rectangle.
${IMAGING}`,
  convert: `sonde convert FILE OUT.npy [options]

Writes complex64 [frame][transmit][channel][sample] (channel data) or [frame][line][sample] (line data) behind the signal
stage: --signal, --remove-mean, --band, --decimation. Other output formats come with later versions.
${IMAGING}`,
  serve: `sonde serve [FILE | simulated | simulated:phased | simulated:convex] [--port N] [--host ADDRESS] [--open]

Serves the viewer on http://localhost:8017 and, with FILE, shows it. Binds to 127.0.0.1 unless --host says otherwise.
--open opens the page in a browser. Stop with Ctrl-C.`,
};
