/** Texts of the console: English stands beside the component, each other language in one file of `src/messages`. */

export type Plural = { one?: string; other: string; zero?: string };
export type Message = string | Plural;
export type Values = Record<string, string | number>;

/** What a component gets: plain texts are read, those with {places} or a number are called. */
export type Texts<T extends Record<string, Message>> = {
  [K in keyof T]: T[K] extends Plural
    ? (count: number, values?: Values) => string
    : T[K] extends `${string}{${string}}${string}`
      ? (values: Values) => string
      : string;
};

type Catalogue = Record<string, Record<string, Message>>;

export const languages = { en: 'English', fr: 'Français', sw: 'Kiswahili', lg: 'Luganda' } as const;
export type Language = keyof typeof languages;

const files = import.meta.glob<{ default: Catalogue }>('../messages/*.json');

class Tongue {
  language = $state<Language>('en');
  region = $state('UG');
  catalogue = $state.raw<Catalogue>({});
  /** For Intl: `en-UG`. */
  locale = $derived(`${this.language}-${this.region}`);
  #plurals = $derived(new Intl.PluralRules(this.locale));

  /** The form of a plural for a count. */
  form(message: Plural, count: number): string {
    if (count === 0 && message.zero !== undefined) return message.zero;
    return (this.#plurals.select(count) === 'one' ? message.one : undefined) ?? message.other;
  }
}
export const tongue = new Tongue();

export function isLanguage(code: string): code is Language {
  return Object.hasOwn(languages, code);
}

/** Shows the console in a language, once its texts have come. */
export async function speak(code: string): Promise<void> {
  const language = code.toLowerCase().split('-')[0] ?? 'en';
  const wanted: Language = isLanguage(language) ? language : 'en';
  const load = files[`../messages/${wanted}.json`];
  let catalogue: Catalogue = {};
  if (load) {
    try {
      catalogue = (await load()).default;
    } catch {
      // Without a network English is better than nothing.
    }
  }
  tongue.catalogue = catalogue;
  tongue.language = wanted;
  document.documentElement.lang = wanted;
  // The studio writes the page's language by it, before anybody has signed in.
  document.cookie = `tamiti_language=${wanted}; Path=/; Max-Age=31536000; SameSite=Lax`;
}

/** The language to begin with: the one spoken here last, else what the studio made of the browser's wishes. */
export function firstLanguage(): string {
  return /(?:^|; )tamiti_language=(\w+)/.exec(document.cookie)?.[1] ?? document.documentElement.lang;
}

export function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The texts of a component, by a name that no other has: a text, a text with {places}, or the forms of a plural. */
export function messages<const T extends Record<string, Message>>(name: string, english: T): Texts<T> {
  const texts = {} as Record<string, unknown>;
  for (const [key, base] of Object.entries(english)) {
    Object.defineProperty(texts, key, { enumerable: true, get: () => textOf(tongue.catalogue[name]?.[key] ?? base, base) });
  }
  return texts as Texts<T>;
}

function textOf(message: Message, base: Message): unknown {
  if (typeof base === 'object')
    return (count: number, values: Values = {}) =>
      fill(typeof message === 'object' ? tongue.form(message, count) : message, { count: formatCount(count), ...values });
  const text = typeof message === 'string' ? message : message.other;
  return base.includes('{') ? (values: Values) => fill(text, values) : text;
}

function formatCount(count: number): string {
  return new Intl.NumberFormat(tongue.locale).format(count);
}
