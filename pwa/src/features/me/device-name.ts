// What a person would call a browser, from how it names itself.
const SYSTEMS: [RegExp, string][] = [
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "Mac"],
  [/CrOS/, "Chromebook"],
  [/Linux/, "Linux"],
];
// Most name others too, to be taken for them: the order matters.
const BROWSERS: [RegExp, string][] = [
  [/Edg/, "Edge"],
  [/SamsungBrowser/, "Samsung Internet"],
  [/Firefox|FxiOS/, "Firefox"],
  [/Chrome|CriOS/, "Chrome"],
  [/Safari/, "Safari"],
];

export function deviceName(agent: string): string {
  const known = [SYSTEMS, BROWSERS].map(
    (list) => list.find(([pattern]) => pattern.test(agent))?.[1],
  );
  // Names of products: the same in every language.
  return known.filter(Boolean).join(", ") || agent.slice(0, 40) || "?";
}
