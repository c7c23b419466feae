/** Spanish. */
import type { Messages } from "./english.ts";
import type { Texts } from "./language.ts";
import { dayWith, decimalsWith, placesOf } from "./numbers.ts";

function messagesWith(tag: string): Partial<Messages> {
  const number = decimalsWith(tag);
  const many = (count: number, one: string, more: string): string => `${count} ${count === 1 ? one : more}`;
  return {
    viewer: "Visor de ecografía",
    notice: "No apto para diagnóstico",
    badge: {
      idle: "Sin imagen",
      loading: "Abriendo",
      live: "En vivo",
      delayed: "Retrasado",
      "no-signal": "Sin señal",
      frozen: "Congelado",
      file: "Archivo",
      ended: "Terminado",
      error: "Error",
    },
    announce: {
      idle: "Sin imagen.",
      loading: "Abriendo.",
      live: "Imagen en vivo.",
      delayed: "La imagen llega con retraso.",
      "no-signal": "Sin señal. La imagen mostrada es antigua.",
      frozen: "Imagen congelada.",
      file: "Archivo abierto.",
      ended: "La transmisión ha terminado. La imagen mostrada es antigua.",
      error: "No se pudo mostrar la imagen.",
    },
    freeze: "Congelar",
    run: "Continuar",
    reconnect: "Reconectar",
    play: "Reproducir",
    pause: "Pausa",
    previousFrame: "Imagen anterior",
    nextFrame: "Imagen siguiente",
    frame: "Imagen",
    frames: "Imágenes guardadas",
    depth: "Profundidad",
    gain: "Ganancia",
    dynamicRange: "Rango dinámico",
    settings: "Ajustes de imagen",
    cine: "Cine",
    openFile: "Abrir archivo",
    drop: "Suelte un archivo para abrirlo",
    empty: "Abra o suelte un archivo de ecografía",
    shortcuts: "Atajos de teclado",
    close: "Cerrar",
    retry: "Reintentar",
    failed: "Esto no funcionó",
    keptImage: "Se sigue mostrando la fuente anterior.",
    warnings: (count) => many(count, "nota sobre esta fuente", "notas sobre esta fuente"),
    warningsTitle: "Notas sobre esta fuente",
    reprocessed: "Reprocesado",
    reprocessedHint: "Las imágenes guardadas se procesaron de nuevo con otros ajustes que al adquirirlas",
    loading: "Abriendo",
    working: "Procesando",
    loadingName: (name) => `Abriendo ${name}`,
    frameRate: (hz) => `${number(hz, hz < 10 ? 1 : 0)} ips`,
    dropped: (count) =>
      `${many(count, "imagen no mostrada", "imágenes no mostradas")} porque el dispositivo estaba ocupado`,
    decibels: (value) => `${value > 0 ? "+" : value < 0 ? "−" : ""}${number(Math.abs(value), 0)} dB`,
    range: (value) => `${number(value, 0)} dB`,
    decibelsSpoken: (value) => `${number(value, 0)} decibelios`,
    centimetres: (metres) => `${number(metres * 100, 1)} cm`,
    centimetresSpoken: (metres) => `${number(metres * 100, 1)} centímetros`,
    unit: "cm",
    tick: (centimetres) => number(centimetres, placesOf(centimetres)),
    position: (at, count) => `${at} / ${count}`,
    positionSpoken: (at, count) => `imagen ${at} de ${count}`,
    behind: (seconds) => `${seconds < -0.0005 ? "−" : ""}${number(Math.abs(seconds), 2)} s`,
    at: (seconds) => `${number(seconds, 2)} s`,
    atMilliseconds: (seconds) => `${number(seconds * 1000, 1)} ms`,
    stored: (seconds) => `${number(seconds, 1)} s guardados`,
    storedFrames: (count) => many(count, "guardada", "guardadas"),
    patient: "Paciente y examen",
    patientHidden: "Paciente oculto",
    patientFields: {
      name: "Nombre",
      id: "Identificador",
      birthDate: "Fecha de nacimiento",
      sex: "Sexo",
      exam: "Examen",
      date: "Fecha del examen",
      operator: "Operador",
      institution: "Institución",
      note: "Nota",
    },
    day: dayWith(tag),
    probe: "Sonda",
    probes: {
      linear: "Lineal",
      phased: "Sectorial",
      convex: "Convexa",
      matrix: "Matricial",
      single: "Monoelemento",
      other: "Sonda",
    },
    frequency: "Frecuencia central",
    megahertz: (hertz) => `${number(hertz / 1e6, 1)} MHz`,
    gainShort: (text) => `G ${text}`,
    rangeShort: (text) => `RD ${text}`,
    fNumber: "Número f de recepción",
    fNumberShort: (value) => `F ${number(value, 1)}`,
    indices: {
      mi: "Índice mecánico",
      tis: "Índice térmico, tejido blando",
      tib: "Índice térmico, hueso",
      tic: "Índice térmico, hueso craneal",
    },
    tenths: (value) => number(value, 1),
    fullScreen: "Pantalla completa",
    leaveFullScreen: "Salir de pantalla completa",
    zoom: (zoom) => `${number(zoom, 1)}×`,
    zoomSpoken: (zoom) => (zoom > 1 ? `Ampliación ${number(zoom, 1)}` : "Imagen entera"),
    turned: (flipped, degrees) =>
      [flipped && "Volteada", degrees && `${flipped ? "girada" : "Girada"} ${degrees}°`]
        .filter(Boolean)
        .join(", "),
    lies: (leftRight, topBottom, degrees) =>
      [
        leftRight && topBottom
          ? "Volteada de izquierda a derecha y de arriba abajo"
          : leftRight
            ? "Volteada de izquierda a derecha"
            : topBottom
              ? "Volteada de arriba abajo"
              : "Sin voltear",
        degrees ? `girada ${degrees} grados a la derecha` : "sin girar",
      ].join(", "),
    privacySpoken: (hidden) => (hidden ? "Paciente oculto" : "Paciente visible"),
    fullScreenSpoken: (filled) => (filled ? "Pantalla completa" : "Fuera de pantalla completa"),
    picture: (phase, source) => `Imagen de ecografía, ${phase.toLocaleLowerCase(tag)}, ${source}`,
    pictureDepth: (fromM, toM) =>
      `, profundidad de ${number(fromM * 100, 1)} a ${number(toM * 100, 1)} centímetros`,
    pictureUncalibrated: ", sin calibrar",
    noPicture: "Sin imagen de ecografía",
    actions: {
      toggle: "Congelar o continuar; reproducir o pausar un archivo",
      previous: "Imagen guardada anterior",
      next: "Imagen guardada siguiente",
      first: "Primera imagen guardada",
      last: "Última imagen guardada",
      "gain-up": "Más ganancia",
      "gain-down": "Menos ganancia",
      "range-down": "Menos rango dinámico",
      "range-up": "Más rango dinámico",
      "depth-less": "Menos profundidad",
      "depth-more": "Más profundidad",
      keys: "Mostrar u ocultar esta lista",
      "view.zoom-in": "Ampliar",
      "view.zoom-out": "Reducir",
      "view.whole": "Mostrar la imagen entera",
      "view.left": "Ver más a la izquierda",
      "view.right": "Ver más a la derecha",
      "view.up": "Ver más arriba",
      "view.down": "Ver más abajo",
      "view.flip-left-right": "Voltear de izquierda a derecha",
      "view.flip-top-bottom": "Voltear de arriba abajo",
      "view.turn": "Girar a la derecha",
      "view.turn-back": "Girar a la izquierda",
      "view.full-screen": "Pantalla completa sí o no",
      "view.privacy": "Ocultar o mostrar al paciente",
    },
    escape: "Cerrar lo que cubre la imagen",
    tools: "Herramientas",
    coarser: "Más gruesa",
    coarserHint: (percent) =>
      `Este dispositivo es demasiado lento para todas las filas de la imagen en vivo: tiene el ${number(percent, 0)} %. Las imágenes congeladas las tienen todas.`,
    features: {
      imaging: "Imagen",
      modes: "Modos",
      measure: "Medidas",
      view: "Vista",
      cine: "Cine",
      export: "Guardar e imprimir",
      device: "Dispositivo y señal",
    },
    keyNames: {
      " ": "Espacio",
      ArrowLeft: "←",
      ArrowRight: "→",
      ArrowUp: "↑",
      ArrowDown: "↓",
      Escape: "Esc",
      Enter: "Intro",
      Home: "Inicio",
      End: "Fin",
      Delete: "Supr",
      Control: "Ctrl",
      Shift: "⇧",
    },
    errors: {
      unexpected: (text) => `El visor falló de forma inesperada: ${text}`,
      notNumber: (name, value) => `${name} debe ser un número, no «${value}».`,
      notOneOf: (name, value, choices) => `${name} debe ser uno de ${choices.join(", ")}, no «${value}».`,
      notTgc: (value) =>
        `tgc debe ser de 1 a 64 números de -40 a 40 separados por comas, no «${value}».`,
      notClip: (first, last, count) =>
        `Una parte debe estar dentro de las ${count} imágenes guardadas, de 0 a ${count - 1}: no de ${first} a ${last}.`,
      notPipeline: (value) => `pipeline debe ser un objeto JSON, no «${value}».`,
      notHotkeys: (value) =>
        `hotkeys debe ser un objeto JSON de teclas por acción, como {"toggle": "k"}, no «${value}».`,
      language: (language, text) => `No se pudo cargar el idioma «${language}»: ${text}`,
      notFlip: (value) => `flip debe ser «left-right», «top-bottom» o ambos, no «${value}».`,
      notTurn: (value) => `rotate debe ser 0, 90, 180 o 270, no «${value}».`,
      notPatient:
        "banner debe ser un objeto JSON de textos: name, id, birthDate, sex, exam, date, operator, institution, note.",
      needsRecording: "Todavía no hay ninguna imagen guardada que mostrar.",
    },
  };
}

function featuresWith(tag: string): Readonly<Record<string, unknown>> {
  const number = decimalsWith(tag);
  return {
    cine: {
      title: "Cine",
      open: "Ajustes del cine",
      speed: "Velocidad",
      timesSpoken: (speed: number) => `${speed} veces`,
      slower: "Reproducir más despacio",
      faster: "Reproducir más rápido",
      repeat: "Al final",
      repeats: { loop: "Bucle", bounce: "Ida y vuelta", once: "Parar" },
      nextRepeat: "Cambiar lo que pasa al final",
      part: "Parte que se reproduce",
      start: "Empieza aquí",
      end: "Acaba aquí",
      startHint: "La parte empieza en la imagen mostrada",
      endHint: "La parte acaba en la imagen mostrada",
      all: "Todas las imágenes",
      frames: (first: number, last: number) => `Imágenes ${first} a ${last}`,
      needsFreeze: "Congele para reproducir lo guardado.",
      memory: (storedS: number, capacityS: number) =>
        `${number(storedS, 1)} s guardados; caben unos ${number(capacityS, 0)} s. Las más antiguas se van primero.`,
    },
    view: {
      zoom: "Ampliación",
      move: "Mover la imagen",
      lie: "Voltear y girar",
      recorded: "Como se grabó",
      screen: "Pantalla",
      hint: "Dos dedos, o Ctrl y la rueda, amplían; dos toques rápidos muestran la imagen entera.",
    },
    keys: {
      general: "Imagen e imágenes guardadas",
      none: "ninguna",
      change: (action: string, keys: string) => `${action}: ${keys}. Cambiar`,
      press: "Pulse una tecla",
      pressFor: (action: string) =>
        `Pulse una tecla para «${action}». Esc no cambia nada, Supr quita la tecla.`,
      given: (key: string, action: string) => `${key}: ${action}`,
      taken: (key: string, action: string, before: string) => `${key}: ${action}, y ya no «${before}»`,
      reset: "Teclas iniciales",
      wasReset: "Todas las teclas vuelven a ser las iniciales",
      off: "Las teclas están desactivadas en esta página.",
      notRemembered: "Este navegador no recuerda las teclas de esta página.",
    },
  };
}

export function create(tag: string): Texts {
  return { messages: messagesWith(tag), features: featuresWith(tag) };
}
