// The app's words in the person's language. English stands in the source; each
// file in src/locales holds one other language, by the English text.

import { local } from "../store/trouble.ts";

type Plural = Partial<Record<Intl.LDMLPluralRule, string>>;
export type Catalog = Record<string, string | Plural>;
type Values = Record<string, string | number>;

const KEY = "respite-language";

let files: Record<string, () => Promise<Catalog>> = {};
let language = "en";
let catalog: Catalog = {};

/** Name the languages' files, by tag; loaded when somebody speaks one. */
export function offerLanguages(found: typeof files): void {
  files = found;
}

/** Languages there are words for, as BCP 47 tags. */
export function languages(): string[] {
  return ["en", ...Object.keys(files)];
}

/** What the person chose; "" follows the phone. */
export function chosenLanguage(): string {
  const kept = local.get(KEY) ?? "";
  return languages().includes(kept) ? kept : "";
}

export function wantedLanguage(): string {
  const known = (tag: string) => languages().find((one) => one === tag.split("-")[0]);
  return chosenLanguage() || navigator.languages.map(known).find(Boolean) || "en";
}

/** Bring the wanted language's words; without them the app speaks English. */
export async function loadLanguage(): Promise<void> {
  const wanted = wantedLanguage();
  const file = files[wanted];
  try {
    catalog = file ? await file() : {};
    language = wanted;
  } catch {
    // Without signal and not kept on this phone yet.
    catalog = {};
    language = "en";
  }
  document.documentElement.lang = language;
}

export async function chooseLanguage(tag: string): Promise<void> {
  local.set(KEY, tag || null);
  await loadLanguage();
}

export function currentLanguage(): string {
  return language;
}

/** The tag for dates and numbers: the phone's own, with its hours and commas. */
export function locale(): string {
  const own = navigator.languages.find((tag) => tag.split("-")[0] === language);
  return own ?? (language === "en" ? "en-GB" : language);
}

/** `text` in the person's language, with `{name}` filled in from `values`. */
export function t(text: string, values: Values = {}): string {
  const found = catalog[text];
  return fill(typeof found === "string" && found ? found : text, values);
}

/** Marks a text that is translated later, where it is shown. */
export function msg(text: string): string {
  return text;
}

/** `one` or `many`, by the language's own rule for `count`, which fills `{n}`. */
export function tn(
  one: string,
  many: string,
  count: number,
  values: Values = {},
): string {
  const forms = catalog[many];
  const rule = new Intl.PluralRules(language).select(count);
  const own = typeof forms === "object" ? (forms[rule] ?? forms.other) : undefined;
  return fill(own ?? (count === 1 ? one : many), { n: number(count), ...values });
}

/** A number as the person's language writes it. */
export function number(value: number): string {
  return new Intl.NumberFormat(locale()).format(value);
}

function fill(text: string, values: Values): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    String(values[name] ?? whole),
  );
}
