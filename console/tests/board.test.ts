import { beforeEach, expect, test, vi } from 'vitest';
import { clockwork } from '../src/core/format.svelte';
import { readMeta, readModel, type FieldMeta, type Row } from '../src/core/meta';
import { client } from '../src/core/queries';
import { dismiss, toasts, undoLast } from '../src/core/toasts.svelte';
import { boardField, cardFields, cardState, columnBeside, columnsOfBoard, countsQuery, stepTo } from '../src/generated/board';
import { byDay, isMonth, monthAfter, weeksOf } from '../src/generated/calendar';
import { moveRow, stepsFrom, withRow } from '../src/generated/move';
import { listRequest, readState, viewsOf, withView, writeState } from '../src/generated/query';
import { json, studio } from './browser';

const field = (name: string, type: string, more: Partial<FieldMeta> = {}): FieldMeta => ({ name, label: name, type, ...more });
const choices = ['plan', 'work', 'review', 'done'].map((value) => ({ value, label: value.toUpperCase() }));
const model = readModel({
  name: 'x.film', path: '/films', title: 'name', row_label: '{code} {name}', list: ['code', 'name', 'client', 'state', 'due_on'], board: 'state', calendar: 'due_on', filters: ['state', 'state__in', 'due_on__gte'],
  groups: ['state'],
  fields: [
    field('id', 'id'), field('code', 'text'), field('name', 'text'), field('client', 'reference', { to: 'x.client' }), field('owner', 'reference', { to: 'users.user' }),
    field('made_by', 'reference', { to: 'users.user', write: 'never' }), field('rank', 'choice', { choices: [{ value: 'low', label: 'Low' }, { value: 'high', label: 'High', tone: 'warn' }] }),
    field('state', 'choice', { choices, steps: { plan: ['work'], work: ['plan', 'review', 'done'], review: ['work', 'done'], done: [] } }), field('due_on', 'date', { sort: true }),
  ],
});
const state = boardField(model)!;
const entry = readMeta({ models: [{ name: 'x.film', path: '/films', label: 'Film', plural: 'Films', allow: ['list', 'change'] }] }).models[0]!;
const rows: Row[] = [{ id: '1', name: 'A', state: 'plan' }, { id: '2', name: 'B', state: 'work' }, { id: '3', name: 'C', state: 'work' }, { id: '4', name: 'D', state: 'done' }];
const read = (address: string) => readState(new URLSearchParams(address), model);

beforeEach(() => {
  vi.stubGlobal('document', { cookie: 'tamiti_csrf=t' });
  client.clear();
  for (const each of toasts.list) dismiss(each.id);
  clockwork.zone = 'Africa/Kampala';
});

test('the address says which way the rows are shown, as far as the model has it', () => {
  expect(viewsOf(model)).toEqual(['board', 'calendar']);
  expect(viewsOf({ ...model, board: 'gone' })).toEqual(['calendar']);
  const board = read('view=board&at=work&state=work');
  expect(board).toMatchObject({ view: 'board', at: 'work', filters: { state: 'work' } });
  expect(read(writeState(board))).toEqual(board);
  expect(writeState(withView(board))).toBe('state=work');
  expect(writeState(withView(board, 'calendar'))).toBe('state=work&view=calendar');
  expect(read('view=plan')).not.toHaveProperty('view');
  expect(read('view=board&deleted=true')).not.toHaveProperty('view');
});

test('a board has a column for each value that the filters let through, with the studio’s counts where it has them', () => {
  const plain = columnsOfBoard(state, rows, undefined, read(''));
  expect(plain.map((column) => [column.value, column.rows.map((row) => row.id), column.count])).toEqual([['plan', ['1'], null], ['work', ['2', '3'], null], ['review', [], null], ['done', ['4'], null]]);
  const counted = columnsOfBoard(state, rows, { groups: [{ state: 'work', count: 40 }] }, read('state__in=work,review'));
  expect(counted.map((column) => [column.value, column.count])).toEqual([['work', 40], ['review', 0]]);
  expect(countsQuery(read('search=a&state=work&ordering=name'), state)).toEqual({ search: 'a', state: 'work', group: 'state' });
});

test('a card asks for what it shows: its name, what it belongs to, its day, what may stand out and whose it is', () => {
  const { lines, signs, person, day } = cardFields(read(''), model);
  expect([lines.map((each) => each.name), signs.map((each) => each.name), person?.name, day?.name]).toEqual([['code', 'client'], ['rank'], 'owner', 'due_on']);
  expect(listRequest(cardState(read('columns=made_by&state=work'), model), model)).toMatchObject({ state: 'work', fields: 'id,name,state,code,client,rank,owner,due_on', expand: 'client,owner' });
});

test('keys lead from card to card, over empty columns, and stop at the edges', () => {
  const columns = columnsOfBoard(state, rows, undefined, read(''));
  expect([stepTo(columns, '', 'down'), stepTo(columns, '2', 'down'), stepTo(columns, '3', 'down'), stepTo(columns, '3', 'right'), stepTo(columns, '4', 'right'), stepTo(columns, '2', 'left'), stepTo(columns, '1', 'up')]).toEqual(['1', '3', '3', '4', '4', '1', '1']);
  expect(stepTo(columnsOfBoard(state, [], undefined, read('')), '', 'down')).toBe('');
});

test('a card moves to the nearest column that its steps allow, or not at all', () => {
  const columns = columnsOfBoard(state, rows, undefined, read(''));
  expect([stepsFrom(state, 'plan'), stepsFrom(state, 'done'), stepsFrom({ ...state, steps: {} }, 'work')]).toEqual([['work'], [], ['plan', 'review', 'done']]);
  expect([columnBeside(columns, 'review', ['work', 'done'], 'right'), columnBeside(columns, 'review', ['work', 'done'], 'left'), columnBeside(columns, 'plan', [], 'right'), columnBeside(columns, 'plan', ['work'], 'left')]).toEqual(['done', 'work', '', '']);
});

const stateOf = () => (client.getQueryData<{ pages: { results: Row[] }[] }>(['/films', 'board', {}])?.pages[0]?.results[1]?.['state']);

test('a move shows at once, a refused one brings the card back with the studio’s sentence', async () => {
  client.setQueryData(['/films', 'board', {}], { pages: [{ results: rows }], pageParams: [''] });
  vi.stubGlobal('fetch', studio([json({ status: 409, detail: 'Not from there.' }, 409)]).fetch);
  const moved = moveRow(entry, state, rows[1]!, 'review', 'B');
  expect(stateOf()).toBe('review');
  await moved;
  expect(stateOf()).toBe('work');
  expect(toasts.list.map((each) => [each.text, each.tone])).toEqual([['Not from there.', 'bad']]);
});

test('a move is taken back where the steps lead back, and only there', async () => {
  const { sent, fetch } = studio([json({}), json({}), json({})]);
  vi.stubGlobal('fetch', fetch);
  await moveRow(entry, state, rows[1]!, 'review', 'B', '"7"');
  expect(sent[0]).toMatchObject({ method: 'PATCH', path: '/api/v1/films/2', body: { state: 'review' }, headers: { 'If-Match': '"7"' } });
  expect(undoLast()).toBe(true);
  expect(sent[1]).toMatchObject({ method: 'PATCH', body: { state: 'work' } });
  await moveRow(entry, state, rows[1]!, 'done', 'B');
  expect(undoLast()).toBe(false);
});

test('one row is changed in whatever answer has it, and no other', () => {
  const change = (row: Row) => ({ ...row, state: 'x' });
  expect(withRow({ row: rows[0], etag: 'e' }, '1', change)).toEqual({ row: { ...rows[0], state: 'x' }, etag: 'e' });
  expect(withRow({ results: rows.slice(0, 2) }, '2', change)).toEqual({ results: [rows[0], { ...rows[1], state: 'x' }] });
  expect(withRow({ count: 3 }, '2', change)).toEqual({ count: 3 });
  expect(withRow(undefined, '2', change)).toBeUndefined();
});

test('a month is whole weeks from the weekday that they begin with', () => {
  const weeks = weeksOf('2026-12', 1);
  expect([weeks.length, weeks[0], weeks.at(-1)!.at(-1)]).toEqual([5, ['2026-11-30', '2026-12-01', '2026-12-02', '2026-12-03', '2026-12-04', '2026-12-05', '2026-12-06'], '2027-01-03']);
  expect(weeksOf('2026-12', 7)[0]![0]).toBe('2026-11-29');
  expect(weeksOf('2027-02', 1).map((week) => week[0])).toEqual(['2027-02-01', '2027-02-08', '2027-02-15', '2027-02-22']);
  expect([monthAfter('2026-12', 1), monthAfter('2026-01', -1), monthAfter('2026-06', 0)]).toEqual(['2027-01', '2025-12', '2026-06']);
  expect(['2026-12', '2026-13', 'x', undefined].map(isMonth)).toEqual([true, false, false, false]);
});

test('rows lie on their day, a moment on that of the person’s zone', () => {
  const days = byDay([{ id: '1', due_on: '2026-12-01' }, { id: '2', due_on: null }, { id: '3', due_on: '2026-12-01' }], field('due_on', 'date'));
  expect([...days].map(([day, found]) => [day, found.map((row) => row.id)])).toEqual([['2026-12-01', ['1', '3']]]);
  expect([...byDay([{ id: '1', at: '2026-11-30T22:30:00Z' }], field('at', 'timestamp')).keys()]).toEqual(['2026-12-01']);
});
