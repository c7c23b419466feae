// The viewer's own page: asks the server what to show, then leaves the rest to the element.
import "../echo-viewer.min.js";

const viewer = document.querySelector("echo-viewer");
const choice = document.querySelector("#choice");
const probe = document.querySelector("#probe");

/** The file or probe the page was started for; the simulated probe where no server says. */
async function readSession() {
  try {
    const response = await fetch("/session.json", { cache: "no-store" });
    if (response.ok) return await response.json();
  } catch {
    // A plain file server has no session: the simulated probe needs none.
  }
  return { src: null, probe: "simulated" };
}

/** A link that someone shared carries a preset. */
function followLink() {
  const preset = new URLSearchParams(location.hash.slice(1)).get("preset");
  if (preset) viewer.preset = preset;
}
followLink();
addEventListener("hashchange", followLink);

/** The server reaches the device and hands its bytes on; it is on the same address as this page. */
function connectTo(bridge) {
  const address = new URL(bridge.path, location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  viewer.setAttribute("protocol", bridge.protocol);
  viewer.probe = address.href;
  return address.href;
}

/** A server that was started anew has another way in. What a person chose instead, or looks at frozen, stays. */
function followServer(bridge, address) {
  let { path } = bridge;
  let shown = address;
  let device;
  viewer.addEventListener("echo-link", async ({ detail: { link } }) => {
    if (link?.state === "live") device ??= link.device?.name;
    if (link?.state !== "reconnecting") return;
    const { bridge: now } = await readSession();
    const isOurs = viewer.probe === shown && viewer.link?.device?.name === device;
    if (!now || now.path === path || !isOurs || viewer.frozen) return;
    path = now.path;
    shown = connectTo(now);
  });
}

const { src, probe: wanted, bridge } = await readSession();
if (src) {
  viewer.src = src;
} else if (bridge) {
  followServer(bridge, connectTo(bridge));
} else {
  const known = [...probe.options].some((option) => option.value === wanted);
  choice.hidden = Boolean(wanted) && !known;
  if (known) probe.value = wanted;
  viewer.probe = wanted ?? "simulated";
}
// A file dropped beside the viewer must not replace the page.
for (const type of ["dragover", "drop"]) addEventListener(type, (event) => event.preventDefault());
probe.addEventListener("change", () => {
  viewer.removeAttribute("protocol");
  viewer.probe = probe.value;
});
// While a dropped file is shown no probe is the chosen one, so that each of them can be chosen.
viewer.addEventListener("echo-load", ({ detail }) => {
  probe.value = detail.info.frameCount === null ? viewer.probe : "";
});
