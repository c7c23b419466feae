const { registerLanguage } = customElements.get("echo-viewer");

registerLanguage("nl", {
  messages: {
    badge: {
      idle: "Geen beeld",
      loading: "Laden",
      live: "Live",
      delayed: "Vertraagd",
      "no-signal": "Geen signaal",
      frozen: "Stilgezet",
      file: "Bestand",
      ended: "Afgelopen",
      error: "Fout",
    },
    freeze: "Stilzetten",
    run: "Verder",
    depth: "Diepte",
    gain: "Versterking",
    dynamicRange: "Dynamisch bereik",
    openFile: "Bestand openen",
    notice: "Niet voor diagnostisch gebruik",
    stored: (seconds) => `${seconds.toFixed(1).replace(".", ",")} s bewaard`,
  },
});
