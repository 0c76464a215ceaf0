import { beforeEach, expect, test, vi } from 'vitest';
import { commandFor, heldNow, type Command } from '../src/core/keys.svelte';
import { readMeta } from '../src/core/meta';
import { client } from '../src/core/queries';
import { dismiss, toasts, undoLast } from '../src/core/toasts.svelte';
import { mentionAt, peopleFor, withMention } from '../src/generated/mentions';
import { isOffered, removeRow } from '../src/generated/verbs';
import { placeFor, progressOf, standOf, type Milestone } from '../src/features/projects/milestones';
import { sharesOf, type Milestone as Shared } from '../src/features/home/milestones';
import { json, studio } from './browser';

const entryWith = (trash: boolean) => readMeta({ models: [{ name: 'x.film', path: '/films', label: 'Film', plural: 'Films', allow: ['list', 'delete'], trash }] }).models[0]!;
const press = (key: string, more: Partial<KeyboardEvent> = {}) => ({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, target: null, ...more }) as KeyboardEvent;
const undo: Command = { id: 'undo', label: 'Undo', group: '', keys: 'z', overSheets: true, run: () => void undoLast() };
const other: Command = { id: 'new', label: 'New', group: '', keys: 'c', run: vi.fn() };

beforeEach(() => {
  vi.stubGlobal('document', { cookie: 'tamiti_csrf=t' });
  client.clear();
  for (const each of toasts.list) dismiss(each.id);
});

test('Z takes back a removal: the row is restored once, and lists are asked anew', async () => {
  const { sent, fetch } = studio([json(null, 204), json({ id: '1' })]);
  vi.stubGlobal('fetch', fetch);
  client.setQueryData(['/films', 'pages', {}], { pages: [] });
  await removeRow(entryWith(true), '1', 'Harvest');
  expect(toasts.list.map((each) => [each.text, !!each.undo])).toEqual([['Harvest is in the trash', true]]);
  commandFor(press('z'), heldNow([other, undo], press('z'), false))?.run();
  await vi.waitFor(() => expect(sent).toHaveLength(2));
  expect(sent.map((each) => `${each.method} ${each.path}`)).toEqual(['DELETE /api/v1/films/1', 'POST /api/v1/films/1/restore']);
  await vi.waitFor(() => expect(client.getQueryState(['/films', 'pages', {}])?.isInvalidated).toBe(true));
  expect(toasts.list).toEqual([]);
  expect(undoLast()).toBe(false);
});

test('what has no trash is gone for good, and nothing offers to take it back', async () => {
  vi.stubGlobal('fetch', studio([json(null, 204)]).fetch);
  await removeRow(entryWith(false), '1', 'Harvest');
  expect(toasts.list.map((each) => [each.text, !!each.undo])).toEqual([['Harvest is deleted', false]]);
});

test('a refused removal is thrown and says nothing of having happened', async () => {
  vi.stubGlobal('fetch', studio([json({ status: 409, detail: 'It has projects.' }, 409)]).fetch);
  await expect(removeRow(entryWith(true), '1', 'Nile')).rejects.toMatchObject({ detail: 'It has projects.' });
  expect(toasts.list).toEqual([]);
});

test('over an open sheet Z takes back what was done in it, and keys of the screen below do nothing', () => {
  expect(heldNow([other, undo], press('z'), true).map((command) => command.id)).toEqual(['undo']);
  expect(heldNow([other, undo], press('k', { ctrlKey: true }), true)).toHaveLength(2);
  expect(heldNow([other, undo], press('c'), false)).toHaveLength(2);
});

test('a verb whose name has a hyphen is offered to whom the studio’s rights name it', () => {
  const action = { name: 'sign-off', label: 'Sign off', method: 'POST' as const, path: '/m/{id}/sign-off', when: { completed_at__isnull: 'false' } };
  expect(isOffered(action, { id: '1', can: ['sign_off'], completed_at: '2026-01-01T00:00:00Z' })).toBe(true);
  expect(isOffered(action, { id: '1', can: ['sign_off'], completed_at: null })).toBe(false);
  expect(isOffered(action, { id: '1', can: ['change'], completed_at: '2026-01-01T00:00:00Z' })).toBe(false);
});

const milestone = (id: string, more: Partial<Milestone> = {}): Milestone => ({
  id, name: id, acceptance: '', due_on: null, owner: null, position: Number(id), shared_with_client: false, completed_at: null, completed_by: null, signed_off_at: null, signed_off_by: null, is_overdue: false, ...more,
});

test('a milestone is open, late, done, waits for the client, or is accepted', () => {
  const at = '2026-01-01T00:00:00Z';
  expect([milestone('1'), milestone('1', { is_overdue: true }), milestone('1', { completed_at: at }), milestone('1', { completed_at: at, shared_with_client: true }), milestone('1', { completed_at: at, shared_with_client: true, signed_off_at: at })].map(standOf)).toEqual([
    'open', 'late', 'done', 'waiting', 'accepted',
  ]);
  expect([progressOf([]), progressOf([milestone('1'), milestone('2', { completed_at: at }), milestone('3', { completed_at: at })])]).toEqual([null, 66]);
});

test('a milestone asks for the place of the one above, or behind the one below, and at the ends for none', () => {
  const rows = [milestone('1'), milestone('2'), milestone('5')];
  expect([placeFor(rows, rows[1]!, -1), placeFor(rows, rows[1]!, 1), placeFor(rows, rows[0]!, -1), placeFor(rows, rows[2]!, 1)]).toEqual([1, 6, null, null]);
});

test('a client’s progress counts what they see, and names what comes next', () => {
  const one = (project: string, name: string, completed_at: string | null) => ({ id: name, name, project: { id: project }, completed_at }) as Shared;
  const shares = sharesOf([one('a', 'First', '2026-01-01T00:00:00Z'), one('a', 'Second', null), one('a', 'Third', null), one('b', 'Only', '2026-01-01T00:00:00Z')]);
  expect(Object.fromEntries(shares)).toEqual({ a: { done: 1, all: 3, percent: 33, next: 'Second' }, b: { done: 1, all: 1, percent: 100, next: '' } });
});

test('a name is offered behind an @ that begins a word, and written out where the caret stands', () => {
  expect([mentionAt('Hi @ro', 6), mentionAt('@', 1), mentionAt('mail a@b', 8), mentionAt('Hi @ro there', 12), mentionAt('none', 4)]).toEqual(['ro', '', null, null, null]);
  const people = [{ id: '1', username: 'ronald', first_name: 'Ronald', last_name: 'Wasswa' }, { id: '2', username: 'ada', first_name: 'Ada', last_name: 'Rose' }, { id: '1', username: 'ronald' }, { id: '3', name: 'Robot' }];
  expect(peopleFor('ro', people).map((person) => person['username'])).toEqual(['ronald', 'ada']);
  expect(withMention('Hi @ro there', 6, 'ronald')).toEqual({ text: 'Hi @ronald there', caret: 11 });
});
