import { expect, test } from 'vitest';
import { fieldTypes } from './types';

const inputs = Object.keys(import.meta.glob('../src/generated/fields/*.svelte')).map((path) => /(\w+)\.svelte$/.exec(path)![1]!);
const chosen = import.meta.glob<string>('../src/generated/Input.svelte', { query: '?raw', import: 'default', eager: true })['../src/generated/Input.svelte']!;

const written = fieldTypes();

test('each type of field of the studio has an input of its own, and none is left over', () => {
  expect(written.length).toBeGreaterThan(15);
  expect([...inputs].sort()).toEqual(written.map((type) => type.file).sort());
});

test('an input is found by the name that /meta gives to its type', () => {
  const missing = written.filter(({ name }) => !new RegExp(`[{,\\s]'?${name}'?: \\w+Input`).test(chosen)).map(({ name }) => name);
  expect(missing).toEqual([]);
});
