const viewer = document.querySelector("echo-viewer");
const facts = document.querySelector("#facts");

viewer.addEventListener("echo-load", ({ detail: { info } }) => {
  const known = {
    Name: info.name,
    Array: `${info.probe.kind}, ${info.probe.azimuthsRad.length} elements`,
    "Centre frequency": `${info.centerFrequencyHz / 1e6} MHz`,
    "Frames a second": info.frameRateHz,
    // Simulated probes have no way that could be lost.
    Link: viewer.link ? viewer.link.state : "none needed",
  };
  facts.replaceChildren(
    ...Object.entries(known).flatMap(([name, value]) => {
      const [term, description] = [document.createElement("dt"), document.createElement("dd")];
      term.textContent = name;
      description.textContent = value;
      return [term, description];
    }),
  );
});
