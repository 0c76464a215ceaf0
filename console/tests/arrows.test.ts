import { expect, test } from 'vitest';

const texts = import.meta.glob<string>('../src/**/*.{svelte,ts}', { query: '?raw', import: 'default', eager: true });
const files = Object.keys(texts).map((path) => path.slice('../src/'.length));
const textOf = (name: string) => texts[`../src/${name}`] ?? '';

/** `../core/api` as seen from a file, as a path under src. */
function pathFrom(name: string, path: string): string {
  return new URL(path, `file:///${name}`).pathname.slice(1);
}

/** What a file includes, as paths under src. */
function includes(name: string): string[] {
  const found = textOf(name).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g);
  return [...found].map(([, path]) => pathFrom(name, path!));
}

/** The part that a file belongs to: `core`, `features/auth`. */
const partOf = (name: string) => name.split('/').slice(0, name.startsWith('features/') ? 2 : 1).join('/');

// What needs no request: words, forms, messages and problems.
const plain = /^core\/(i18n|format|toasts|problem)/;

function mayInclude(from: string, to: string): boolean {
  const [part, other] = [partOf(from), partOf(to)];
  if (part === other) return true;
  if (part === 'core') return false;
  if (part === 'ui') return plain.test(to);
  if (part === 'shell') return ['ui', 'core', 'generated'].includes(other);
  if (part === 'generated') return ['ui', 'core', 'shell'].includes(other);
  return part.startsWith('features/') ? ['ui', 'core', 'shell', 'generated'].includes(other) : true;
}

test('arrows run down: features know no other feature, generated screens none, parts of the page no API', () => {
  const wrong = files.flatMap((from) => includes(from).filter((to) => !mayInclude(from, to)).map((to) => `${from} → ${to}`));
  expect(wrong).toEqual([]);
});

test('no template has a style of its own, which the policy refuses, and none puts markup in by hand', () => {
  const wrong = files.filter((name) => /\sstyle="|\{@html|innerHTML|insertAdjacentHTML|document\.write/.test(textOf(name)));
  expect(wrong).toEqual([]);
});

test('files are short enough to read in one go', () => {
  const long = files.filter((name) => name !== 'ui/icons.ts' && textOf(name).split('\n').length > 500);
  expect(long).toEqual([]);
});
