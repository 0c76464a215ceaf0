// The texts of the console, as they stand beside the components: node tools/messages.mjs fr lists what src/messages/fr.json lacks.
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../src/', import.meta.url));

/** The literal that begins at a place, up to its closing brace. */
function literalAt(text, start) {
  let depth = 0;
  let quote = '';
  for (let i = start; i < text.length; i++) {
    const sign = text[i];
    if (quote) {
      if (sign === '\\') i++;
      else if (sign === quote) quote = '';
    } else if (/['"`]/.test(sign)) quote = sign;
    else if (sign === '{') depth++;
    else if (sign === '}' && --depth === 0) return text.slice(start, i + 1);
  }
  throw new Error('a list of texts does not end');
}

/** Every list of texts by its name: `{signIn: {title: 'Sign in'}}`. */
export function englishTexts() {
  const all = {};
  for (const name of readdirSync(source, { recursive: true }).map(String).filter((each) => /\.(svelte|ts)$/.test(each))) {
    const text = readFileSync(source + name, 'utf8');
    for (const match of text.matchAll(/= messages\(\s*'([\w.]+)',\s*\{/g)) {
      if (Object.hasOwn(all, match[1])) throw new Error(`two lists of texts are called ${match[1]}`);
      all[match[1]] = Function(`return ${literalAt(text, match.index + match[0].length - 1)}`)();
    }
  }
  return all;
}

export function translatedTexts(language) {
  return JSON.parse(readFileSync(`${source}messages/${language}.json`, 'utf8'));
}

/** What a language lacks, or has too much: `signIn.title`. */
export function difference(english, translated) {
  const keys = (texts) => new Set(Object.entries(texts).flatMap(([name, list]) => Object.keys(list).map((key) => `${name}.${key}`)));
  const [wanted, given] = [keys(english), keys(translated)];
  return { missing: [...wanted].filter((key) => !given.has(key)), unknown: [...given].filter((key) => !wanted.has(key)) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const english = englishTexts();
  const language = process.argv[2];
  if (!language) console.log(JSON.stringify(english, null, 1));
  else {
    const { missing, unknown } = difference(english, translatedTexts(language));
    for (const key of missing) console.log(`missing  ${key}`);
    for (const key of unknown) console.log(`unknown  ${key}`);
    process.exitCode = missing.length + unknown.length ? 1 : 0;
  }
}
