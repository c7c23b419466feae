"""PyMUST's sparse-matrix beamformer on the frames of W5: the matrix is built once, only its application is timed.

Speaks the protocol of workload.h: "run apply" answers "wall-ms cpu-ms", "dump PATH" writes the last picture.
"""

import sys
import time

import numpy as np
import pymust


def read(path):
    facts, waves = {}, []
    with open(path, encoding="utf8") as lines:
        for line in lines:
            name, rest = line.split(" ", 1)
            if name == "wave":
                waves.append([float(word) for word in rest.split()])
            elif name == "input":
                facts[name] = rest.strip()
            else:
                facts[name] = float(rest)
    return facts, waves


facts, waves = read(sys.argv[1])
elements, samples, frames = (int(facts[name]) for name in ("elements", "samples", "frames"))
columns, rows = int(facts["columns"]), int(facts["rows"])

iq = np.fromfile(facts["input"], dtype=np.complex64).reshape(frames, elements, samples)
# One column a frame: samples fastest, then elements, as PyMUST orders them.
signals = np.ascontiguousarray(iq.reshape(frames, elements * samples).T)

param = pymust.utils.Param()
param.fs = facts["rate"]
param.fc = facts["carrier"]
param.c = facts["sound"]
param.pitch = facts["pitch"]
param.fnumber = facts["fnumber"]
param.t0 = waves[0][4]
x = facts["columnmin"] + facts["columnstep"] * np.arange(columns)
z = facts["rowmin"] + facts["rowstep"] * np.arange(rows)
grid_x, grid_z = np.meshgrid(x, z)
delays = np.zeros((1, elements))
matrix = pymust.dasmtx(np.zeros((samples, elements), dtype=np.complex64), grid_x, grid_z, delays, param, "linear")
matrix = matrix.astype(np.complex64).tocsr()

print("ready apply", flush=True)
picture = None
for line in sys.stdin:
    word, rest = line.strip().split(" ", 1)
    if word == "run":
        wall, cpu = time.perf_counter(), time.thread_time()
        picture = matrix @ signals
        print(f"{1e3 * (time.perf_counter() - wall):.4f} {1e3 * (time.thread_time() - cpu):.4f}", flush=True)
    elif word == "dump":
        # Pixels come column by column.
        image = np.asarray(picture).reshape(columns, rows, frames).transpose(2, 1, 0)
        np.ascontiguousarray(image, dtype=np.complex64).tofile(rest)
        print("ok", flush=True)
