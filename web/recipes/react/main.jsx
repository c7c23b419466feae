import { useState } from "react";
import { createRoot } from "react-dom/client";
import "sonde/echo-viewer";

function App() {
  const [frozen, setFrozen] = useState(false);
  const [said, setSaid] = useState("");
  return (
    <>
      <echo-viewer
        probe="simulated"
        frozen={frozen}
        onecho-load={({ detail }) => setSaid(detail.info.name)}
        onecho-freeze={({ detail }) => setFrozen(detail.frozen)}
      />
      <button type="button" onClick={() => setFrozen(!frozen)}>
        {frozen ? "Run" : "Freeze"}
      </button>
      <output>{said}</output>
    </>
  );
}

createRoot(document.querySelector("#app")).render(<App />);
