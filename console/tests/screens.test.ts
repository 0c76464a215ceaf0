import { QueryClient } from '@tanstack/svelte-query';
import type { Component } from 'svelte';
import { render } from 'svelte/server';
import { beforeAll, expect, test, vi } from 'vitest';
import { readMeta, readModel, type FieldMeta, type Row } from '../src/core/meta';
import Form from '../src/generated/Form.svelte';
import History from '../src/generated/History.svelte';
import List from '../src/generated/List.svelte';
import Record from '../src/generated/Record.svelte';
import { listRequest, readState } from '../src/generated/query';
import { storage } from './browser';
import Within from './Within.svelte';

const field = (name: string, type: string, more: Partial<FieldMeta> = {}): FieldMeta => ({ name, label: name.toUpperCase(), type, ...more });
const model = readModel({
  name: 'x.film', path: '/films', title: 'name', row_label: '{name}', list: ['name', 'state'], first_filters: ['state'], carries: true, filters: ['state', 'state__in'],
  related: [{ model: 'x.cut', field: 'film' }],
  fields: [
    field('id', 'id', { write: 'create' }), field('name', 'text', { required: true, sort: true }),
    field('state', 'choice', { choices: [{ value: 'on', label: 'On' }, { value: 'off', label: 'Off' }], filter: ['equal', 'any'], default: 'on' }), field('made', 'timestamp', { write: 'never' }),
  ],
  actions: [
    { name: 'stop', label: 'Stop it', method: 'POST', path: '/films/{id}/stop', when: { state: 'on' } },
    { name: 'start', label: 'Start it', method: 'POST', path: '/films/{id}/start', when: { state: 'off' } },
    { name: 'burn', label: 'Burn it', method: 'POST', path: '/films/{id}/burn' },
  ],
});
const entryWith = (allow: string[]) => readMeta({ models: [{ name: 'x.film', path: '/films', label: 'Film', plural: 'Films', allow, search: true, trash: true }] }).models[0]!;
const all = ['list', 'read', 'create', 'change', 'delete', 'restore', 'history', 'uses', 'bulk', 'export'];
const row: Row = { id: '1', name: 'Harvest', state: 'on', made: '2026-01-01T00:00:00Z', can: ['change', 'remove', 'stop', 'start'] };

function shown(screen: Component<any>, props: globalThis.Record<string, unknown>, answers: [unknown[], unknown][] = []): string { // eslint-disable-line @typescript-eslint/no-explicit-any
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  for (const [key, data] of answers) client.setQueryData(key, data);
  return render(Within, { props: { client, screen, props } }).body;
}

beforeAll(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: false }));
  vi.stubGlobal('localStorage', storage());
});

function list(address: string, rows: Row[], allow = all): string {
  const state = readState(new URLSearchParams(address), model);
  const page = { count: rows.length, next: null, previous: null, results: rows };
  return shown(List, { entry: entryWith(allow), model, state, onchange: () => {}, hrefOf: (id: string) => `/films/${id}`, newHref: '/films?new=1' }, [
    [['/films', 'pages', listRequest(state, model)], { pages: [page], pageParams: [''] }],
  ]);
}

test('a list has its rows, a search, its first filters and what one may do', () => {
  const body = list('', [row]);
  for (const text of ['Harvest', 'type="search"', 'data-filter="state"', 'href="/films?new=1"', 'Export as CSV', 'Show the trash']) expect(body).toContain(text);
});

test('who may only read is offered nothing else', () => {
  const body = list('', [row], ['list', 'read']);
  expect(body).toContain('Harvest');
  for (const text of ['href="/films?new=1"', 'Export as CSV', 'type="checkbox"']) expect(body).not.toContain(text);
});

test('an empty list offers the first row, one that is empty by its filters offers to clear them', () => {
  expect(list('', [])).toContain('Nothing here yet');
  const narrowed = list('state__in=on,off', []);
  expect(narrowed).toContain('Nothing fits');
  expect(narrowed).toContain('Clear filters');
  expect(narrowed).not.toContain('Nothing here yet');
  expect(list('deleted=true', [])).toContain('The trash is empty');
});

function record(one: Row, isTrash = false, tab = ''): string {
  const query = { can: true, ...(isTrash ? { deleted: true } : {}) };
  return shown(Record, { entry: entryWith(all), model, id: '1', tab, isTrash, hrefOf: (part: string) => `/films/1/${part}`, onclose: () => {} }, [
    [['/films', 'row', '1', query], { row: one, etag: '"1"' }],
  ]);
}

test('a record offers the actions that its state and its rights allow, and its parts', () => {
  const body = record(row);
  for (const text of ['Harvest', 'Stop it', 'Edit', 'Move to trash', 'Comments', 'Files', 'History', 'Related']) expect(body).toContain(text);
  for (const text of ['Start it', 'Burn it', 'Bring back']) expect(body).not.toContain(text);
});

test('a record has a foot with its verbs, and none while its form is open, which has its own', () => {
  expect(record(row)).toContain('<footer');
  expect(record(row, false, 'edit')).not.toContain('<footer');
});

const changed = (verb: string, changes: globalThis.Record<string, [unknown, unknown]>) => ({ at: '2026-01-01T00:00:00Z', verb, actor: null, changes });
test('history tells of the trash as what people do, not as a field', () => {
  const entries = [changed('update', { deleted_at: ['2026-01-01T00:00:00Z', null] }), changed('update', { deleted_at: [null, '2026-01-01T00:00:00Z'] }), changed('update', { name: ['A', 'B'] })];
  const body = shown(History, { entry: entryWith(all), model, row: { ...row, version: 3 } }, [[['/films', 'history', '1', 3], { pages: [{ count: 3, next: null, previous: null, results: entries }], pageParams: [''] }]]);
  for (const text of ['moved it to the trash', 'brought it back from the trash', 'changed it', 'NAME']) expect(body).toContain(text);
  expect(body).not.toContain('deleted_at');
});

test('what lies in the trash is brought back, and not changed', () => {
  const body = record({ ...row, can: ['restore', 'change', 'stop'] }, true);
  expect(body).toContain('Bring back');
  for (const text of ['>Edit<', 'Stop it', 'Move to trash']) expect(body).not.toContain(text);
});

test('the form of a new row has its defaults and no field that is never written', () => {
  const body = shown(Form, { entry: entryWith(all), model, seed: new URLSearchParams('name=Seed'), onsaved: () => {}, oncancel: () => {} });
  expect([...body.matchAll(/data-field="(\w+)"/g)].map(([, name]) => name)).toEqual(['name', 'state']);
  expect(body).toContain('value="Seed"');
  expect(body).toMatch(/<option value="on"[^>]*selected/);
});

test('a draft that was kept is in the form again, and says so', () => {
  localStorage.setItem('tamiti.draft..x.film.1', JSON.stringify({ id: '1', values: { name: 'Typed', state: 'on' }, before: { name: 'Harvest', state: 'on' }, tag: '"1"' }));
  const body = shown(Form, { entry: entryWith(all), model, row, etag: '"2"', onsaved: () => {}, oncancel: () => {} });
  expect(body).toContain('value="Typed"');
  expect(body).toContain('Discard draft');
});
