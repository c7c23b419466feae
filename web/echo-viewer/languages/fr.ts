/** French. */
import type { Messages } from "./english.ts";
import type { Texts } from "./language.ts";
import { dayWith, decimalsWith, placesOf } from "./numbers.ts";

function messagesWith(tag: string): Partial<Messages> {
  const number = decimalsWith(tag);
  const many = (count: number, one: string, more: string): string => `${count} ${count < 2 ? one : more}`;
  return {
    viewer: "Visionneuse d’échographie",
    notice: "Ne pas utiliser pour le diagnostic",
    badge: {
      idle: "Pas d’image",
      loading: "Ouverture",
      live: "Direct",
      delayed: "En retard",
      "no-signal": "Sans signal",
      frozen: "Figé",
      file: "Fichier",
      ended: "Terminé",
      error: "Erreur",
    },
    announce: {
      idle: "Pas d’image.",
      loading: "Ouverture.",
      live: "Image en direct.",
      delayed: "L’image est en retard.",
      "no-signal": "Pas de signal. L’image affichée est ancienne.",
      frozen: "Image figée.",
      file: "Fichier ouvert.",
      ended: "Le flux est terminé. L’image affichée est ancienne.",
      error: "L’image n’a pas pu être affichée.",
    },
    freeze: "Figer",
    run: "Reprendre",
    reconnect: "Reconnecter",
    play: "Lire",
    pause: "Pause",
    previousFrame: "Image précédente",
    nextFrame: "Image suivante",
    frame: "Image",
    frames: "Images enregistrées",
    depth: "Profondeur",
    gain: "Gain",
    dynamicRange: "Dynamique",
    settings: "Réglages de l’image",
    cine: "Ciné",
    openFile: "Ouvrir un fichier",
    drop: "Déposez un fichier pour l’ouvrir",
    empty: "Ouvrir ou déposer un fichier d’échographie",
    shortcuts: "Raccourcis clavier",
    close: "Fermer",
    retry: "Réessayer",
    failed: "Cela n’a pas fonctionné",
    keptImage: "La source précédente reste affichée.",
    warnings: (count) => many(count, "remarque sur cette source", "remarques sur cette source"),
    warningsTitle: "Remarques sur cette source",
    reprocessed: "Retraité",
    reprocessedHint:
      "Les images enregistrées ont été traitées de nouveau avec d’autres réglages qu’à l’acquisition",
    loading: "Ouverture",
    working: "Traitement en cours",
    loadingName: (name) => `Ouverture de ${name}`,
    frameRate: (hz) => `${number(hz, hz < 10 ? 1 : 0)} i/s`,
    dropped: (count) => `${many(count, "image non affichée", "images non affichées")} : appareil occupé`,
    decibels: (value) => `${value > 0 ? "+" : value < 0 ? "−" : ""}${number(Math.abs(value), 0)} dB`,
    range: (value) => `${number(value, 0)} dB`,
    decibelsSpoken: (value) => `${number(value, 0)} décibels`,
    centimetres: (metres) => `${number(metres * 100, 1)} cm`,
    centimetresSpoken: (metres) => `${number(metres * 100, 1)} centimètres`,
    unit: "cm",
    tick: (centimetres) => number(centimetres, placesOf(centimetres)),
    position: (at, count) => `${at} / ${count}`,
    positionSpoken: (at, count) => `image ${at} sur ${count}`,
    behind: (seconds) => `${seconds < -0.0005 ? "−" : ""}${number(Math.abs(seconds), 2)} s`,
    at: (seconds) => `${number(seconds, 2)} s`,
    atMilliseconds: (seconds) => `${number(seconds * 1000, 1)} ms`,
    stored: (seconds) => `${number(seconds, 1)} s gardées`,
    storedFrames: (count) => many(count, "gardée", "gardées"),
    patient: "Patient et examen",
    patientHidden: "Patient masqué",
    patientFields: {
      name: "Nom",
      id: "Identifiant",
      birthDate: "Date de naissance",
      sex: "Sexe",
      exam: "Examen",
      date: "Date de l’examen",
      operator: "Opérateur",
      institution: "Établissement",
      note: "Note",
    },
    day: dayWith(tag),
    probe: "Sonde",
    probes: {
      linear: "Linéaire",
      phased: "À balayage électronique",
      convex: "Convexe",
      matrix: "Matricielle",
      single: "Mono-élément",
      other: "Sonde",
    },
    frequency: "Fréquence centrale",
    megahertz: (hertz) => `${number(hertz / 1e6, 1)} MHz`,
    gainShort: (text) => `G ${text}`,
    rangeShort: (text) => `Dyn ${text}`,
    fNumber: "Nombre d’ouverture en réception",
    fNumberShort: (value) => `F ${number(value, 1)}`,
    indices: {
      mi: "Indice mécanique",
      tis: "Indice thermique, tissus mous",
      tib: "Indice thermique, os",
      tic: "Indice thermique, os du crâne",
    },
    tenths: (value) => number(value, 1),
    fullScreen: "Plein écran",
    leaveFullScreen: "Quitter le plein écran",
    zoom: (zoom) => `${number(zoom, 1)}×`,
    zoomSpoken: (zoom) => (zoom > 1 ? `Zoom ${number(zoom, 1)}` : "Image entière"),
    turned: (flipped, degrees) =>
      [flipped && "Retournée", degrees && `${flipped ? "tournée" : "Tournée"} ${degrees}°`]
        .filter(Boolean)
        .join(", "),
    lies: (leftRight, topBottom, degrees) =>
      [
        leftRight && topBottom
          ? "Retournée de gauche à droite et de haut en bas"
          : leftRight
            ? "Retournée de gauche à droite"
            : topBottom
              ? "Retournée de haut en bas"
              : "Non retournée",
        degrees ? `tournée de ${degrees} degrés dans le sens horaire` : "non tournée",
      ].join(", "),
    privacySpoken: (hidden) => (hidden ? "Patient masqué" : "Patient affiché"),
    fullScreenSpoken: (filled) => (filled ? "Plein écran" : "Plein écran quitté"),
    picture: (phase, source) => `Image d’échographie, ${phase.toLocaleLowerCase(tag)}, ${source}`,
    pictureDepth: (fromM, toM) =>
      `, profondeur de ${number(fromM * 100, 1)} à ${number(toM * 100, 1)} centimètres`,
    pictureUncalibrated: ", non étalonnée",
    noPicture: "Pas d’image d’échographie",
    actions: {
      toggle: "Figer ou reprendre ; lire ou suspendre un fichier",
      previous: "Image enregistrée précédente",
      next: "Image enregistrée suivante",
      first: "Première image enregistrée",
      last: "Dernière image enregistrée",
      "gain-up": "Plus de gain",
      "gain-down": "Moins de gain",
      "range-down": "Moins de dynamique",
      "range-up": "Plus de dynamique",
      "depth-less": "Moins de profondeur",
      "depth-more": "Plus de profondeur",
      keys: "Afficher ou masquer cette liste",
      "view.zoom-in": "Agrandir",
      "view.zoom-out": "Réduire",
      "view.whole": "Afficher l’image entière",
      "view.left": "Voir plus à gauche",
      "view.right": "Voir plus à droite",
      "view.up": "Voir plus haut",
      "view.down": "Voir plus bas",
      "view.flip-left-right": "Retourner de gauche à droite",
      "view.flip-top-bottom": "Retourner de haut en bas",
      "view.turn": "Tourner dans le sens horaire",
      "view.turn-back": "Tourner dans le sens antihoraire",
      "view.full-screen": "Plein écran, ou le quitter",
      "view.privacy": "Masquer ou afficher le patient",
    },
    escape: "Fermer ce qui couvre l’image",
    tools: "Outils",
    coarser: "Plus grossier",
    coarserHint: (percent) =>
      `Cet appareil est trop lent pour toutes les lignes de l’image en direct : elle en a ${number(percent, 0)} %. Les images figées les ont toutes.`,
    features: {
      imaging: "Image",
      modes: "Modes",
      measure: "Mesures",
      view: "Vue",
      cine: "Ciné",
      export: "Enregistrer et imprimer",
      device: "Appareil et signal",
    },
    keyNames: {
      " ": "Espace",
      ArrowLeft: "←",
      ArrowRight: "→",
      ArrowUp: "↑",
      ArrowDown: "↓",
      Escape: "Échap",
      Enter: "Entrée",
      Home: "Début",
      End: "Fin",
      Delete: "Suppr",
      Control: "Ctrl",
      Shift: "⇧",
    },
    errors: {
      unexpected: (text) => `La visionneuse a échoué de façon inattendue : ${text}`,
      notNumber: (name, value) => `${name} doit être un nombre, pas « ${value} ».`,
      notOneOf: (name, value, choices) =>
        `${name} doit être l’un de ${choices.join(", ")}, pas « ${value} ».`,
      notTgc: (value) =>
        `tgc doit être de 1 à 64 nombres de -40 à 40 séparés par des virgules, pas « ${value} ».`,
      notClip: (first, last, count) =>
        `Une partie doit se trouver dans les ${count} images enregistrées, de 0 à ${count - 1} : pas de ${first} à ${last}.`,
      notPipeline: (value) => `pipeline doit être un objet JSON, pas « ${value} ».`,
      notHotkeys: (value) =>
        `hotkeys doit être un objet JSON de touches par action, comme {"toggle": "k"}, pas « ${value} ».`,
      language: (language, text) => `La langue « ${language} » n’a pas pu être chargée : ${text}`,
      notFlip: (value) => `flip doit être « left-right », « top-bottom » ou les deux, pas « ${value} ».`,
      notTurn: (value) => `rotate doit être 0, 90, 180 ou 270, pas « ${value} ».`,
      notPatient:
        "banner doit être un objet JSON de textes : name, id, birthDate, sex, exam, date, operator, institution, note.",
      needsRecording: "Il n’y a pas encore d’image enregistrée à afficher.",
    },
  };
}

function featuresWith(tag: string): Readonly<Record<string, unknown>> {
  const number = decimalsWith(tag);
  return {
    cine: {
      title: "Ciné",
      open: "Réglages du ciné",
      speed: "Vitesse",
      timesSpoken: (speed: number) => `${speed} fois`,
      slower: "Lire plus lentement",
      faster: "Lire plus vite",
      repeat: "À la fin",
      repeats: { loop: "Boucle", bounce: "Aller-retour", once: "Arrêt" },
      nextRepeat: "Changer ce qui se passe à la fin",
      part: "Partie lue",
      start: "Début ici",
      end: "Fin ici",
      startHint: "La partie commence à l’image affichée",
      endHint: "La partie finit à l’image affichée",
      all: "Toutes les images",
      frames: (first: number, last: number) => `Images ${first} à ${last}`,
      needsFreeze: "Figez pour lire ce qui est gardé.",
      memory: (storedS: number, capacityS: number) =>
        `${number(storedS, 1)} s gardées ; il y a de la place pour ${number(capacityS, 0)} s environ. Les plus anciennes partent d’abord.`,
    },
    view: {
      zoom: "Zoom",
      move: "Déplacer l’image",
      lie: "Retourner et tourner",
      recorded: "Comme enregistrée",
      screen: "Écran",
      hint: "Deux doigts, ou Ctrl et la molette, agrandissent ; deux touchers rapides montrent l’image entière.",
    },
    keys: {
      general: "Image et images enregistrées",
      none: "aucune",
      change: (action: string, keys: string) => `${action} : ${keys}. Changer`,
      press: "Appuyez sur une touche",
      pressFor: (action: string) =>
        `Appuyez sur une touche pour « ${action} ». Échap ne change rien, Suppr retire la touche.`,
      given: (key: string, action: string) => `${key} : ${action}`,
      taken: (key: string, action: string, before: string) => `${key} : ${action}, et non plus « ${before} »`,
      reset: "Touches par défaut",
      wasReset: "Toutes les touches sont de nouveau celles par défaut",
      off: "Les touches sont désactivées sur cette page.",
      notRemembered: "Ce navigateur ne retient pas les touches pour cette page.",
    },
  };
}

export function create(tag: string): Texts {
  return { messages: messagesWith(tag), features: featuresWith(tag) };
}
