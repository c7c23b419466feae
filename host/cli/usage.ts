/** What the command line offers, in one place: the help texts. */
import { PROTOCOLS, SPOKEN } from "../protocols/index.ts";

const OUTPUT = `
Output
  -o, --output FILE    what to write`;

const FRAMES = `
Data
  --frames A:B         half-open range of frames, or one
  --transmits A:B|i,j  which transmits to use (channel data)
  --format NAME        what a file without a header is: echopen-film, echopen-e4 ...
  --settings FILE      echOpen settings that belong to a recording without a header
  --part N             which part of a Sonde recording whose geometry changed; sonde info lists them. Default: the longest`;

const STACK = `
  --stack frames|transmits
                       first axis of a 3-D NPY array; transmits are summed. Default frames`;

const SIGNAL = `
Signal
  --signal rf|analytic|iq (channel data)
  --remove-mean        subtract each channel's or line's mean
  --band LO:HI         band-pass, MHz
  --decimation N       keep every N-th sample of what --signal iq demodulates`;

const GRID = `
Grid (without one it is chosen from the data)
  --x MIN:MAX:N        lateral positions, mm, both ends included
  --z MIN:MAX:N        depths, mm
  --y MIN:MAX:N        elevations, mm: with --x and --z a volume, [frame][z][y][x], of which pictures show the plane
                       nearest to 0
  --angle MIN:MAX:N    sector about the probe's centre of curvature, degrees
  --range MIN:MAX:N    distances from that centre, mm`;

const BEAMFORMING = `
Beamforming (channel data)
  --f-number F|auto    depth divided by aperture; 0: no limit
  --window boxcar|hann|hamming|tukey25|tukey50|tukey75|triangle
  --interpolation auto|nearest|linear|quadratic|cubic|lanczos3|lanczos5|5points
  --accuracy PERCENT   rms error against sinc that --interpolation auto may make, 0.2 to 25, default 2
  --path auto|steered|lateral|depth
                       how the sum is laid out: auto is the fastest that serves
  --arithmetic auto|int16|float32
  --columns auto|all   auto: where columns are closer together than what can be heard of them, fewer lines are summed
                       and the columns made from those, within --accuracy
  --transmit-model auto|spherical|first-arrival|hybrid
  --compound coherent|incoherent|none
  --sound-speed C      m/s (lines as well)
  --threads auto|N     1 to 64 at work on a frame; the bytes are always the same
  --method das         this version has no other
  --weight none        this version has no other`;

const FLOW = `
Flow
  --clutter METHOD     what is taken from every pixel's ensemble: none (default), mean, polynomial[:DEGREE],
                       dct[:COSINES], svd[:COMPONENTS] (default of each: 1), or fir:TAP,TAP,...
  --lag N              frames between those compared, default 1
  --smoothing N        side of the Hamming kernel that smooths autocorrelation and power, odd, default 1: none
  --frame-rate HZ      where the file does not say it, or it was measured on arrival
  --center-frequency F MHz, where the file does not say it`;

const PICTURE = `
Picture
  --dynamic-range DB   10 to 120, default 50
  --gain DB|auto       -60 to 60; auto, for sonde image: gain and gain by depth that suit the first frame
  --tgc DB,DB,...      gain at equally spaced depths
  --speckle none|median|bilateral|srad[:STRENGTH]
                       filter against speckle, strength 0 to 1, default 0.5
  --persistence P      share of the frames before in each picture of --frames, 0 (default) to 0.95
  --smooth S           softens the picture, 0 (default) to 1
  --grey-map gray|soft|contrast|warm|cool|inverted
  --height PIXELS      rows of a picture whose grid is not given, default 512`;

const RUNNING = `
Other
  --backend auto|wasm
  --json               a machine-readable report on standard output`;

/** Help by command. */
export const USAGE: Record<string, string> = {
  "": `sonde: ultrasound imaging, raw echoes in, pictures out. For research and teaching, not for diagnosis.

  sonde info FILE [--json]            what is in the file, and what is missing or odd
  sonde beamform FILE -o OUT.npy      complex64 [frame][z][x] on a grid
  sonde image FILE -o OUT.png         the picture, as the viewer would show it (OUT.npy: its decibels)
  sonde flow FILE -o OUT.npy          velocity, power and variance of what moves, float32 [3][z][x]
  sonde convert FILE OUT.npy          the channel data or lines, filtered or demodulated as asked
  sonde convert FILE OUT.uff          the recording as a UFF file
  sonde simulate SCENE -o OUT.uff     a recording of the simulated probe
  sonde serve [FILE | PROBE]          the viewer on http://localhost
  sonde serve --probe ADDRESS --protocol NAME
                                      the same for a device on TCP, UDP, a serial port or USB
  sonde record ADDRESS --protocol NAME -o FILE.sonde
                                      what a device says, to look at later
  sonde probe simulate --protocol NAME
                                      a device that is none, for tests and classrooms
  sonde openigtlink SOURCE            pictures for 3D Slicer and others that speak OpenIGTLink
  sonde bench [options]               how fast this device is; sonde bench compare A.json B.json ...

FILE is a UFF, PICMUS or zea HDF5 file, a MAT file with MUST's names, an echOpen text, film or recorded stream, an NPY
array, a Sonde recording, or the simulated probe: simulated, simulated:phased, simulated:convex.
An option that means nothing for a command or for the data in FILE is refused.
\`sonde COMMAND --help\` tells more; \`sonde --version\` which version this is.`,
  info: `sonde info FILE [options]

What is in the file: probe, transmits, samples, times; what is missing or odd; the grid Sonde would choose for channel data.

  --format NAME        what a file without a header is: echopen-film, echopen-e4 ...
  --settings FILE      echOpen settings that belong to a recording without a header
  --part N             which part of a Sonde recording whose geometry changed; sonde info lists them. Default: the longest
  --stack frames|transmits
                       first axis of a 3-D NPY array. Default frames
  --json               everything, machine-readable`,
  beamform: `sonde beamform FILE -o OUT.npy [options]

Writes the plain weighted sum, un-normalised: complex64 [frame][z][x], or [frame][transmit][z][x] with --compound none.
Line data: with a grid their envelope on it (as the real part), without one the lines themselves [frame][line][sample].
Defaults that differ from pictures: --window boxcar.
${OUTPUT}${GRID}${FRAMES}${STACK}${SIGNAL}${BEAMFORMING}${RUNNING}`,
  image: `sonde image FILE -o OUT.png|OUT.npy [options]

PNG: the picture of the first frame of --frames; with several frames and OUT.png, OUT-0000.png, OUT-0001.png ...
NPY: float32 decibels [frame][z][x] in [-dynamic range, 0]. For an NPY input, --x/--z or --angle/--range say the grid it
was made on; --angle/--range together with --x/--z scan-convert a sector onto that rectangle.
${OUTPUT}${GRID}${FRAMES}${STACK}${SIGNAL}${BEAMFORMING}${PICTURE}${RUNNING}`,
  flow: `sonde flow FILE -o OUT.npy [options]

Doppler of the frames of --frames as one ensemble (default: all): float32 [3][z][x] with the mean velocity along the beam
in m/s, towards the probe positive; the power behind the clutter filter; the variance of the velocity in m2/s2.
Line data: [3][line][sample]. The report of --json says the Nyquist velocity, where velocities wrap, and with svd the
singular values. Defaults that differ from pictures: --window boxcar.
${OUTPUT}${GRID}${FRAMES}${STACK}${SIGNAL}${BEAMFORMING.replace(/\n +--compound.*/, "")}${FLOW}${RUNNING}`,
  convert: `sonde convert FILE OUT.npy|OUT.uff [options]

OUT.npy: complex64 [frame][transmit][channel][sample] (channel data) or [frame][line][sample] (line data) behind the signal
stage, which always leaves complex samples.
OUT.uff: the channel data as they were recorded, with probe, transmits and times, as USTB writes them; of the options only
--frames and --transmits.

Without options
  RF channels          the analytic signal; baseband IQ where the band reaches beyond half the sample rate.
                       --signal rf: the samples themselves, as the real part
  RF lines             mean removed, band-pass from 0.4 to 1.6 times the centre frequency (a quarter of the
                       sample rate where it is not stated),
                       analytic signal
  IQ, envelopes        as they are, envelopes as the real part
${OUTPUT}${FRAMES}${SIGNAL}${RUNNING}`,
  simulate: `sonde simulate linear|phased|convex -o OUT.uff|OUT.npy [options]

A recording of the simulated probe: tissue with cysts and points, and a beating vessel. UFF: with probe, transmits and times;
NPY: int16 [frame][transmit][channel][sample] alone. The same seed gives the same samples everywhere.
${OUTPUT}
  --frames N           how many, default 25: one second
  --seed N             chooses the speckle and the noise, default 1
  --json               a machine-readable report on standard output`,
  serve: `sonde serve [FILE | simulated | simulated:phased | simulated:convex] [options]
sonde serve --probe ADDRESS --protocol NAME [options]

Serves the viewer on http://localhost:8017 and, with FILE, shows it. Stop with Ctrl-C.
With --probe the page shows a device live: its bytes are handed to the page, which understands them. Only pages of this
server reach it, one at a time, the newest; nothing is sent to the device but what a person orders in the page.

  --probe ADDRESS      tcp://HOST:PORT, udp://[HOST]:PORT (datagrams to this port, of that host alone),
                       serial:///dev/ttyACM0[?baud=N], usb://VID:PID (npm install usb@3.1.0), ws://HOST:PORT/PATH
  --protocol NAME      what its bytes mean: ${PROTOCOLS.map(({ id }) => id).join(", ")};
                       with options as in "echopen-e2?samples=envelope"

  --port N             default 8017, or the next that is free; 0 takes any
  --host ADDRESS       default 127.0.0.1, this computer alone; 0.0.0.0 or :: lets the network in
  --open               open the page in a browser`,
  probe: `sonde probe simulate --protocol NAME [options]

A device that is none: what it looks at is spoken in any protocol, to whoever connects. Stop with Ctrl-C.

  --protocol NAME      ${SPOKEN.join(", ")}
  --listen ADDRESS     tcp://HOST:PORT (default tcp://127.0.0.1:7538), ws://HOST:PORT, pty (a pseudo-terminal, its name is
                       printed), or udp://HOST:PORT, where the datagrams are sent to (echopen-e4: default
                       udp://127.0.0.1:51000)
  --from SCENE         simulated:sector (a mechanical probe), simulated:element (held still), simulated,
                       simulated:phased, simulated:convex, or a recording, which is repeated with its own
                       times. Default: what the protocol is made for
  --rate HZ            frames a second, at most 1000. Default: the scene's own times, 10 for simulated:sector
  --fault NAMES        separated by commas, each with its rate a message or 0.01: loss, duplicate, reorder, truncate,
                       garbage, flip (a bit), stall, unplug; as in loss=0.02,unplug=0.001
  --seed N             chooses speckle and faults. Default 1
  --obey               silent until it is ordered to start, as the real ones are: p0rk, pic0rick, wulpus. Default: it
                       speaks to whoever connects`,
  record: `sonde record ADDRESS --protocol NAME -o FILE.sonde [options]

Records the frames of a device with all it says of them, over lost links too, until a limit is reached or Ctrl-C. Whatever
stops it, what was recorded is readable: sonde info FILE.sonde, sonde serve FILE.sonde, sonde probe simulate --from FILE.sonde.

  --protocol NAME      what the bytes of ADDRESS mean
  --set NAME=VALUE     tells the device a setting once it is reached; may be given several times, in their order
  --start              tells it to start, once. It is told to stop when the command ends, and when it is reached again after
                       its link broke
  -o, --output FILE    a new file that ends in .sonde
  --seconds S          longest recording, default 3600
  --max-bytes N        largest recording, default 1G, which pages open, too; at most 4G; k, M, G are powers of 1024
  --json               a machine-readable report on standard output`,
  openigtlink: `sonde openigtlink [FILE | PROBE | ADDRESS] [options]

Makes pictures and sends each as an IMAGE message of OpenIGTLink (version 1, CRC-64; millimetres, i along the array, j into
the depth) to whoever connects, 3D Slicer for one. A receiver that is slow gets the newest picture. FILE is
repeated at its own rate; PROBE is simulated, simulated:phased or simulated:convex; ADDRESS is a device, as for sonde serve.

  --protocol NAME      what the bytes of ADDRESS mean
  --set NAME=VALUE     tells the device a setting once it is reached; may be given several times, in their order
  --start              tells it to start, once. It is told to stop when the command ends, and when it is reached again after
                       its link broke
  --listen ADDRESS     default tcp://127.0.0.1:18944
  --rate HZ            pictures a second of FILE or PROBE
${SIGNAL}${PICTURE}`,
  bench: `sonde bench [options]
sonde bench compare A.json B.json ...

How fast this device is: whole frames (W1 75 plane waves, W2 live, W3 phased array, W4 volume,
W5 Doppler ensemble), single kernels and
the simulated probes; beside straightforward JavaScript, and beside C (and FFTW, PyMUST) where a compiler and Sonde's
repository are at hand. compare puts reports of several devices side by side; so does /bench.html of sonde serve.

  --only NAMES         separated by commas: W1 to W5; fft, fir, demodulate, compress, scan-convert, display, median,
                       bilateral, srad, kasai, svd; live
  --where node|page    here, or in this machine's Chromium. Default node
  --quick              fewer rounds
  --json               the report, for a file`,
};
