/** Arabic. Its chrome reads from right to left. */
import type { Messages } from "./english.ts";
import type { Texts } from "./language.ts";
import { dayWith, decimalsWith, placesOf } from "./numbers.ts";

/** Left-to-right isolate and its end: a number stays before its unit. */
const [LRI, PDI] = ["\u2066", "\u2069"];

function messagesWith(tag: string): Partial<Messages> {
  const number = decimalsWith(tag);
  const plural = new Intl.PluralRules(tag);
  const isolated = (text: string): string => `${LRI}${text}${PDI}`;
  const whole = (value: number): string => number(value, 0);
  const notes = (count: number): string => {
    const rule = plural.select(count);
    if (rule === "one") return "ملاحظة واحدة عن هذا المصدر";
    if (rule === "two") return "ملاحظتان عن هذا المصدر";
    return `${whole(count)} ${rule === "few" ? "ملاحظات" : "ملاحظة"} عن هذا المصدر`;
  };
  return {
    viewer: "عارض الموجات فوق الصوتية",
    notice: "ليس للتشخيص",
    badge: {
      idle: "لا صورة",
      loading: "جارٍ الفتح",
      live: "مباشر",
      delayed: "متأخر",
      "no-signal": "لا إشارة",
      frozen: "مجمّد",
      file: "ملف",
      ended: "انتهى",
      error: "خطأ",
    },
    announce: {
      idle: "لا توجد صورة.",
      loading: "جارٍ الفتح.",
      live: "صورة مباشرة.",
      delayed: "الصورة متأخرة.",
      "no-signal": "لا إشارة. الصورة المعروضة قديمة.",
      frozen: "الصورة مجمّدة.",
      file: "فُتح الملف.",
      ended: "انتهى البث. الصورة المعروضة قديمة.",
      error: "تعذّر عرض الصورة.",
    },
    freeze: "تجميد",
    run: "متابعة",
    reconnect: "إعادة الاتصال",
    play: "تشغيل",
    pause: "إيقاف مؤقت",
    previousFrame: "الصورة السابقة",
    nextFrame: "الصورة التالية",
    frame: "صورة",
    frames: "الصور المحفوظة",
    depth: "العمق",
    gain: "الكسب",
    dynamicRange: "المدى الديناميكي",
    settings: "إعدادات الصورة",
    cine: "المقطع",
    openFile: "فتح ملف",
    drop: "أفلت ملفًا لفتحه",
    empty: "افتح أو أفلت ملف موجات فوق صوتية",
    shortcuts: "اختصارات لوحة المفاتيح",
    close: "إغلاق",
    retry: "إعادة المحاولة",
    failed: "لم ينجح ذلك",
    keptImage: "ما زال المصدر السابق معروضًا.",
    warnings: notes,
    warningsTitle: "ملاحظات عن هذا المصدر",
    reprocessed: "أعيدت معالجته",
    reprocessedHint: "عولجت الصور المحفوظة من جديد بإعدادات غير إعدادات التقاطها",
    loading: "جارٍ الفتح",
    working: "جارٍ المعالجة",
    loadingName: (name) => `جارٍ فتح ${name}`,
    frameRate: (hz) => `${number(hz, hz < 10 ? 1 : 0)} صورة/ث`,
    dropped: (count) => `صور لم تُعرض لانشغال الجهاز: ${whole(count)}`,
    decibels: (value) => isolated(`${value > 0 ? "+" : value < 0 ? "−" : ""}${whole(Math.abs(value))} dB`),
    range: (value) => isolated(`${whole(value)} dB`),
    decibelsSpoken: (value) => `${whole(value)} ديسيبل`,
    centimetres: (metres) => `${number(metres * 100, 1)} سم`,
    centimetresSpoken: (metres) => `${number(metres * 100, 1)} سنتيمتر`,
    unit: "سم",
    tick: (centimetres) => number(centimetres, placesOf(centimetres)),
    position: (at, count) => isolated(`${whole(at)} / ${whole(count)}`),
    positionSpoken: (at, count) => `الصورة ${whole(at)} من ${whole(count)}`,
    behind: (seconds) => isolated(`${seconds < -0.0005 ? "−" : ""}${number(Math.abs(seconds), 2)} s`),
    at: (seconds) => isolated(`${number(seconds, 2)} s`),
    atMilliseconds: (seconds) => isolated(`${number(seconds * 1000, 1)} ms`),
    stored: (seconds) => `حُفظ ${number(seconds, 1)} ث`,
    storedFrames: (count) => `حُفظ ${whole(count)}`,
    patient: "المريض والفحص",
    patientHidden: "المريض مخفي",
    patientFields: {
      name: "الاسم",
      id: "الرقم",
      birthDate: "تاريخ الميلاد",
      sex: "الجنس",
      exam: "الفحص",
      date: "تاريخ الفحص",
      operator: "الفاحص",
      institution: "المؤسسة",
      note: "ملاحظة",
    },
    day: dayWith(tag),
    probe: "المسبار",
    probes: {
      linear: "خطي",
      phased: "طوري",
      convex: "محدّب",
      matrix: "مصفوفي",
      single: "عنصر واحد",
      other: "مسبار",
    },
    frequency: "التردد المركزي",
    megahertz: (hertz) => isolated(`${number(hertz / 1e6, 1)} MHz`),
    gainShort: (text) => `كسب ${text}`,
    rangeShort: (text) => `مدى ${text}`,
    fNumber: "الرقم البؤري للاستقبال",
    fNumberShort: (value) => isolated(`F ${number(value, 1)}`),
    indices: {
      mi: "المؤشر الميكانيكي",
      tis: "المؤشر الحراري، الأنسجة الرخوة",
      tib: "المؤشر الحراري، العظم",
      tic: "المؤشر الحراري، عظم الجمجمة",
    },
    tenths: (value) => number(value, 1),
    fullScreen: "ملء الشاشة",
    leaveFullScreen: "الخروج من ملء الشاشة",
    zoom: (zoom) => isolated(`${number(zoom, 1)}×`),
    zoomSpoken: (zoom) => (zoom > 1 ? `تكبير ${number(zoom, 1)}` : "الصورة كاملة"),
    turned: (flipped, degrees) =>
      [flipped && "معكوسة", degrees && `مُدارة ${isolated(`${whole(degrees)}°`)}`].filter(Boolean).join("، "),
    lies: (leftRight, topBottom, degrees) =>
      [
        leftRight && topBottom
          ? "معكوسة أفقيًا وعموديًا"
          : leftRight
            ? "معكوسة أفقيًا"
            : topBottom
              ? "معكوسة عموديًا"
              : "غير معكوسة",
        degrees ? `مُدارة ${whole(degrees)} درجة مع عقارب الساعة` : "غير مُدارة",
      ].join("، "),
    privacySpoken: (hidden) => (hidden ? "المريض مخفي" : "المريض ظاهر"),
    fullScreenSpoken: (filled) => (filled ? "ملء الشاشة" : "انتهى ملء الشاشة"),
    picture: (phase, source) => `صورة موجات فوق صوتية، ${phase}، ${source}`,
    pictureDepth: (fromM, toM) => `، العمق من ${number(fromM * 100, 1)} إلى ${number(toM * 100, 1)} سنتيمتر`,
    pictureUncalibrated: "، غير معايرة",
    noPicture: "لا توجد صورة موجات فوق صوتية",
    actions: {
      toggle: "تجميد أو متابعة؛ تشغيل ملف أو إيقافه",
      previous: "الصورة المحفوظة السابقة",
      next: "الصورة المحفوظة التالية",
      first: "أول صورة محفوظة",
      last: "آخر صورة محفوظة",
      "gain-up": "زيادة الكسب",
      "gain-down": "خفض الكسب",
      "range-down": "خفض المدى الديناميكي",
      "range-up": "زيادة المدى الديناميكي",
      "depth-less": "عمق أقل",
      "depth-more": "عمق أكبر",
      keys: "إظهار هذه القائمة أو إخفاؤها",
      "view.zoom-in": "تكبير",
      "view.zoom-out": "تصغير",
      "view.whole": "عرض الصورة كاملة",
      "view.left": "النظر إلى اليسار أكثر",
      "view.right": "النظر إلى اليمين أكثر",
      "view.up": "النظر إلى الأعلى أكثر",
      "view.down": "النظر إلى الأسفل أكثر",
      "view.flip-left-right": "عكس اليسار واليمين",
      "view.flip-top-bottom": "عكس الأعلى والأسفل",
      "view.turn": "إدارة مع عقارب الساعة",
      "view.turn-back": "إدارة عكس عقارب الساعة",
      "view.full-screen": "ملء الشاشة أو الخروج منه",
      "view.privacy": "إخفاء المريض أو إظهاره",
    },
    escape: "إغلاق ما يغطي الصورة",
    tools: "الأدوات",
    coarser: "أخشن",
    coarserHint: (percent) =>
      `هذا الجهاز أبطأ من أن يعرض كل صفوف الصورة المباشرة: فيها ${number(percent, 0)}٪ منها. أما الصور المجمّدة ففيها كلها.`,
    features: {
      imaging: "الصورة",
      modes: "الأنماط",
      measure: "القياسات",
      view: "العرض",
      cine: "المقطع",
      export: "الحفظ والطباعة",
      device: "الجهاز والإشارة",
    },
    keyNames: {
      " ": "المسافة",
      ArrowLeft: "←",
      ArrowRight: "→",
      ArrowUp: "↑",
      ArrowDown: "↓",
      Escape: "Esc",
      Control: "Ctrl",
      Shift: "⇧",
    },
    errors: {
      unexpected: (text) => `تعطّل العارض على نحو غير متوقع: ${text}`,
      notNumber: (name, value) => `يجب أن يكون ${name} عددًا، لا «${value}».`,
      notOneOf: (name, value, choices) =>
        `يجب أن يكون ${name} واحدًا من ${choices.join(", ")}، لا «${value}».`,
      notTgc: (value) => `يجب أن يكون tgc من 1 إلى 64 عددًا من -40 إلى 40 تفصل بينها فواصل، لا «${value}».`,
      notClip: (first, last, count) =>
        `يجب أن يقع الجزء ضمن الصور المحفوظة وعددها ${count}، من 0 إلى ${count - 1}: لا من ${first} إلى ${last}.`,
      notPipeline: (value) => `يجب أن يكون pipeline كائن JSON، لا «${value}».`,
      notHotkeys: (value) => `يجب أن يكون hotkeys كائن JSON مثل {"toggle": "k"}، لا «${value}».`,
      language: (language, text) => `تعذّر تحميل اللغة «${language}»: ${text}`,
      notFlip: (value) => `يجب أن يكون flip «left-right» أو «top-bottom» أو كليهما، لا «${value}».`,
      notTurn: (value) => `يجب أن يكون rotate 0 أو 90 أو 180 أو 270، لا «${value}».`,
      notPatient:
        "يجب أن يكون banner كائن JSON من نصوص: name, id, birthDate, sex, exam, date, operator, institution, note.",
      needsRecording: "لا توجد بعدُ صورة محفوظة للعرض.",
    },
  };
}

function featuresWith(tag: string): Readonly<Record<string, unknown>> {
  const number = decimalsWith(tag);
  return {
    cine: {
      title: "المقطع",
      open: "إعدادات المقطع",
      speed: "السرعة",
      timesSpoken: (speed: number) => `${speed} مرة`,
      slower: "تشغيل أبطأ",
      faster: "تشغيل أسرع",
      repeat: "عند النهاية",
      repeats: { loop: "تكرار", bounce: "ذهابًا وإيابًا", once: "توقّف" },
      nextRepeat: "تغيير ما يحدث عند النهاية",
      part: "الجزء الذي يُشغَّل",
      start: "البداية هنا",
      end: "النهاية هنا",
      startHint: "يبدأ الجزء عند الصورة المعروضة",
      endHint: "ينتهي الجزء عند الصورة المعروضة",
      all: "كل الصور",
      frames: (first: number, last: number) => `الصور ${first} إلى ${last}`,
      needsFreeze: "جمّد لتشغيل المحفوظ.",
      memory: (storedS: number, capacityS: number) =>
        `حُفظ ${number(storedS, 1)} ث، والمكان يكفي نحو ${number(capacityS, 0)} ث. الأقدم يزول أولًا.`,
    },
    view: {
      zoom: "التكبير",
      move: "تحريك الصورة",
      lie: "العكس والإدارة",
      recorded: "كما سُجّلت",
      screen: "الشاشة",
      hint: "إصبعان، أو Ctrl مع العجلة، للتكبير؛ ونقرتان سريعتان لعرض الصورة كاملة.",
    },
    keys: {
      general: "الصورة والصور المحفوظة",
      none: "لا شيء",
      change: (action: string, keys: string) => `${action}: ${keys}. تغيير`,
      press: "اضغط مفتاحًا",
      pressFor: (action: string) => `اضغط مفتاحًا لـ«${action}». ‏Esc لا يغيّر شيئًا، وDelete يزيل المفتاح.`,
      given: (key: string, action: string) => `${key}: ${action}`,
      taken: (key: string, action: string, before: string) => `${key}: ${action}، ولم يعد «${before}»`,
      reset: "المفاتيح الأصلية",
      wasReset: "عادت كل المفاتيح إلى الأصلية",
      off: "المفاتيح معطّلة في هذه الصفحة.",
      notRemembered: "لا يتذكر هذا المتصفح مفاتيح هذه الصفحة.",
    },
  };
}

export function create(tag: string): Texts {
  return { direction: "rtl", messages: messagesWith(tag), features: featuresWith(tag) };
}
