import { expect, test, vi } from 'vitest';
import { commandFor, keyLabels, keyOf, type Command } from '../src/core/keys.svelte';

const press = (key: string, more: Partial<KeyboardEvent> = {}) =>
  ({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, target: null, ...more }) as KeyboardEvent;
const command = (id: string, keys: string, more: Partial<Command> = {}): Command => ({ id, label: id, group: '', keys, run: vi.fn(), ...more });
const field = { matches: () => true, isContentEditable: false } as unknown as EventTarget;

test('keys have one name, whatever the keyboard does for a sign', () => {
  expect(keyOf(press('K', { ctrlKey: true }))).toBe('mod+k');
  expect(keyOf(press('?', { shiftKey: true }))).toBe('?');
  expect(keyOf(press('Z', { shiftKey: true }))).toBe('shift+z');
  expect(keyOf(press('Escape'))).toBe('Escape');
  expect(keyLabels('mod+k')).toEqual(['Ctrl', 'K']);
  expect(keyLabels('g p')).toEqual(['G', 'P']);
  expect(keyLabels('g ,')).toEqual(['G', ',']);
});

test('a sequence needs its second key soon', () => {
  const all = [command('projects', 'g p'), command('plain', 'p')];
  expect(commandFor(press('g'), all, 1000)).toBeNull();
  expect(commandFor(press('p'), all, 1800)?.id).toBe('projects');
  expect(commandFor(press('g'), all, 5000)).toBeNull();
  expect(commandFor(press('p'), all, 9000)?.id).toBe('plain');
});

test('the first key of a sequence does nothing by itself, also where the second is a comma', () => {
  const all = [command('account', 'g ,'), command('two', 'x | y')];
  expect(commandFor(press('g'), all, 20_000)).toBeNull();
  expect(commandFor(press(','), all, 20_100)?.id).toBe('account');
  expect(['x', 'y'].map((key, i) => commandFor(press(key), all, 30_000 + i * 5000)?.id)).toEqual(['two', 'two']);
});

test('while somebody types only keys hold that say so', () => {
  const all = [command('create', 'c'), command('palette', 'mod+k', { whileTyping: true })];
  expect(commandFor(press('c', { target: field }), all)).toBeNull();
  expect(commandFor(press('k', { target: field, ctrlKey: true }), all)?.id).toBe('palette');
});

test('the screen’s commands go before those of the shell', () => {
  expect(commandFor(press('c'), [command('screen', 'c'), command('shell', 'c')])?.id).toBe('screen');
});
