import { flushSync } from 'svelte';
import { expect, test } from 'vitest';
import { register, useCommands } from '../src/core/keys.svelte';

const ids = () => register.all.map((command) => command.id);
const offer = (id: string, isOffered: () => boolean = () => true) =>
  useCommands(() => (isOffered() ? [{ id, label: id, group: '', run: () => undefined }] : []));

test('a screen offers its commands as long as it is there, the latest first, and comes to rest', () => {
  const shell = $effect.root(() => offer('shell'));
  flushSync();
  const screen = $effect.root(() => offer('screen'));
  flushSync();
  expect(ids()).toEqual(['screen', 'shell']);
  screen();
  expect(ids()).toEqual(['shell']);
  shell();
  expect(ids()).toEqual([]);
});

test('what is offered follows the state of the screen', () => {
  let isOffered = $state(false);
  const end = $effect.root(() => offer('archive', () => isOffered));
  flushSync();
  expect(ids()).toEqual([]);
  isOffered = true;
  expect(ids()).toEqual(['archive']);
  end();
});
