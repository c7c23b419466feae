const viewer = document.querySelector("echo-viewer");
const [LINES, SAMPLES, PITCH_M, STEP_M, MARK] = [96, 256, 0.0003, 0.0001, 0xec];

const [plug, noise, said] = ["plug", "noise", "said"].map((id) => document.querySelector(`#${id}`));

// The device: a mark, then a byte a sample, line by line, 20 times a second.
let [plugged, disturbed] = [true, false];

/** A stream of its bytes, a new one each time: the viewer asks again after a loss. */
function open() {
  if (!plugged) throw new Error("the plug is pulled");
  let timer;
  const start = (out) => {
    let tick = 0;
    timer = setInterval(() => {
      if (!plugged) {
        clearInterval(timer);
        out.close();
        return;
      }
      tick++;
      const bytes = new Uint8Array(1 + LINES * SAMPLES).fill(MARK, 0, 1);
      for (let i = 0; i < LINES * SAMPLES; i++) {
        const [line, sample] = [Math.floor(i / SAMPLES), i % SAMPLES];
        const wave = 0.5 + 0.5 * Math.cos(Math.hypot(line - 48, sample / 2 - 60) / 4 - tick / 3);
        bytes[i + 1] = 40 + 160 * wave ** 3;
      }
      if (disturbed) out.enqueue(new Uint8Array(50));
      disturbed = false;
      out.enqueue(bytes);
    }, 50);
  };
  return new ReadableStream({ start, cancel: () => clearInterval(timer) });
}

plug.addEventListener("click", () => {
  plugged = !plugged;
  plug.textContent = plugged ? "Pull the plug" : "Put it back";
  noise.disabled = !plugged;
});
noise.addEventListener("click", () => {
  disturbed = true;
});

// The protocol: what the bytes mean.
const info = {
  kind: "lines",
  signal: "log",
  logStepDb: 0.25,
  name: "Wave maker",
  format: "waves",
  frameCount: null,
  frameRateHz: 20,
  soundSpeedMps: 1540,
  warnings: [],
  sampleCount: SAMPLES,
  // Of each line: x and z where it begins, its angle, the depth of its first sample, the step to the next.
  lines: Float64Array.from({ length: LINES * 5 }, (_, i) =>
    [(Math.floor(i / 5) - (LINES - 1) / 2) * PITCH_M, 0, 0, 0, STEP_M].at(i % 5),
  ),
};

function parser() {
  const frame = new Uint8Array(LINES * SAMPLES);
  let [held, index, offset, begun, told] = [0, 0, 0, false, false];
  return {
    maxBytes: frame.length,
    heldBytes: frame.length,
    push(chunk) {
      const events = told ? [] : [{ kind: "acquisition", info }];
      told = true;
      let skipped = 0;
      for (const byte of chunk) {
        offset++;
        if (begun) frame[held++] = byte;
        else if (byte === MARK) begun = true;
        else skipped++;
        if (held < frame.length) continue;
        events.push({ kind: "frame", frame: { index: index++, samples: frame.slice() } });
        [held, begun] = [0, false];
      }
      if (skipped) events.push({ kind: "skipped", bytes: skipped, offset: offset - skipped });
      return events;
    },
    end: () => [],
  };
}

viewer.connectDevice(open, { id: "waves", name: "Wave maker", boundary: "stream", parser });
setInterval(() => {
  const { state = "", why = "" } = viewer.link ?? {};
  said.textContent = `${state} ${why}`;
}, 250);
