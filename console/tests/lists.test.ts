import { expect, test } from 'vitest';
import { readModel, type FieldMeta } from '../src/core/meta';
import {
  anyOf, bulkFilter, columnsOf, expandable, exportQuery, filterKind, filtersOf, isFilter, isNarrowed, listRequest, meets, nextOrdering, readState, savedQuery, stateOfSaved, valuesOf, withFilters, writeState,
} from '../src/generated/query';
import { mostRows, sliceOf } from '../src/generated/virtual';
import { bulkBody, inSteps, rowsFor } from '../src/generated/bulk';
import { threads, type Said } from '../src/generated/threads';
import { audiences, firstView, partsOf, type View } from '../src/generated/views';

const field = (name: string, type: string, more: Partial<FieldMeta> = {}): FieldMeta => ({ name, label: name, type, ...more });
const model = readModel({
  name: 'projects.project', path: '/projects', title: 'name', row_label: '{code} {name}', list: ['name', 'client', 'due_on'], first_filters: ['status'],
  fields: [
    field('id', 'id', { filter: ['equal', 'any'] }), field('code', 'text', { filter: ['equal', 'any'] }), field('name', 'text', { sort: true }),
    field('description', 'long text'), field('client', 'reference', { to: 'projects.client', nullable: true, filter: ['equal', 'any'] }),
    field('owner', 'reference', { to: 'users.user', filter: ['equal', 'any'] }),
    field('status', 'choice', { choices: [{ value: 'active', label: 'Active' }], filter: ['equal', 'any'] }), field('due_on', 'date', { sort: true, filter: ['equal', 'range'] }),
    field('tags', 'tags', { filter: ['any'] }), field('archived', 'boolean', { filter: ['equal'] }), field('budget', 'money', { filter: ['range'] }), field('hours', 'decimal', { filter: ['range'] }),
  ],
  filters: ['status', 'status__in', 'client', 'client__in', 'client__isnull', 'client__…', 'due_on__gte', 'due_on__lte', 'tags__any', 'archived'],
  actions: [{ name: 'archive', label: 'Archive', method: 'POST', path: '/projects/{id}/archive', when: { archived: 'false' } }],
});
const state = (address: string) => readState(new URLSearchParams(address), model);
const byName = (name: string) => model.fields.find((each) => each.name === name)!;

test('an address says filters, search, order, columns and trash, and is written as it was read', () => {
  const read = state('search=film&status__in=active,review&client__country=UG&ordering=-due_on&columns=name,client&deleted=true');
  expect(read).toEqual({
    search: 'film', ordering: '-due_on', columns: ['name', 'client'], trash: true, filters: { status__in: 'active,review', client__country: 'UG' },
  });
  expect(state(writeState(read))).toEqual(read);
});

test('what a model does not have is passed over, and what opens a form is no filter', () => {
  expect(state('nothing=1&ordering=nothing&columns=nothing,name&new=1&status=&page_size=5')).toEqual({ search: '', ordering: '', columns: ['name'], trash: false, filters: {} });
  expect(isFilter(model, 'or')).toBe(true);
  expect(isFilter(model, 'fields')).toBe(false);
});

test('a list asks for the fields it shows and needs, never for long texts', () => {
  expect(listRequest(state('status=active&search=x'), model)).toEqual({
    search: 'x', status: 'active', fields: 'id,name,client,due_on,code,archived', expand: 'client', can: true, page_size: 100,
  });
});

test('a list whose columns name no row expands none', () => {
  expect(listRequest(state('columns=name'), model)).not.toHaveProperty('expand');
  expect(expandable(model)).toBe('client,owner');
});

test('an export has exactly the rows and columns of the view', () => {
  expect(exportQuery(state('status=active&ordering=name&columns=code,name&search=a'), model, 'xlsx')).toEqual({ search: 'a', status: 'active', ordering: 'name', fields: 'code,name', format: 'xlsx' });
});

test('a change of many rows takes the filter of the view without its order', () => {
  expect(bulkFilter(state('status=active&ordering=name&search=a b'))).toBe('search=a+b&status=active');
});

test('columns are those of the address, else of the model, else its title', () => {
  expect(columnsOf(state('columns=code'), model)).toEqual(['code']);
  expect(columnsOf(state(''), model)).toEqual(['name', 'client', 'due_on']);
  expect(columnsOf(state(''), { ...model, list: [] })).toEqual(['name']);
});

test('a heading sorts up, down and not at all', () => {
  expect([nextOrdering('', 'name'), nextOrdering('name', 'name'), nextOrdering('-name', 'name'), nextOrdering('-due_on', 'name')]).toEqual(['name', '-name', '', 'name']);
});

test('each type of field is filtered in its own way, or not', () => {
  expect(model.fields.map((each) => [each.name, filterKind(each)])).toEqual([
    ['id', null], ['code', 'text'], ['name', null], ['description', null], ['client', 'rows'], ['owner', 'rows'], ['status', 'choices'], ['due_on', 'days'], ['tags', 'words'],
    ['archived', 'boolean'], ['budget', null], ['hours', 'numbers'],
  ]);
  expect([anyOf(byName('status')), anyOf(byName('tags'))]).toEqual(['status__in', 'tags__any']);
});

test('filters of a field take the place of those it had and leave the others', () => {
  const before = state('status=active&due_on__gte=2026-01-01&client=1');
  expect(valuesOf(before, byName('status'))).toEqual(['active']);
  expect(withFilters(before, byName('status'), { status__in: 'active,review' }).filters).toEqual({ due_on__gte: '2026-01-01', client: '1', status__in: 'active,review' });
  expect(withFilters(before, byName('due_on'), { due_on__gte: '' }).filters).toEqual({ status: 'active', client: '1' });
  expect(filtersOf(before, byName('due_on'))).toEqual(['due_on__gte']);
  expect([isNarrowed(before), isNarrowed(state('ordering=name'))]).toEqual([true, false]);
});

test('a row meets the filters under which an action is offered', () => {
  const row = { state: 'pending', done_at: null, archived: false, owner: { id: '7' }, roles: ['staff'] };
  expect(meets(row, { state__in: 'pending,expired', done_at__isnull: 'true', archived: 'false', owner: '7', roles__any: 'admin,staff' })).toBe(true);
  expect(meets(row, { state: 'expired' })).toBe(false);
  expect(meets(row, { done_at__isnull: 'false' })).toBe(false);
  expect(meets(row, { unknown: 'x' })).toBe(true);
  expect(meets(row)).toBe(true);
});

test('an action is offered for the rows that may have it', () => {
  const action = model.actions[0]!;
  const rows = [{ id: '1', can: ['archive'], archived: false }, { id: '2', can: ['archive'], archived: true }, { id: '3', can: ['change'], archived: false }, { id: '4', archived: false }];
  expect(rowsFor(action, rows).map((row) => row.id)).toEqual(['1', '4']);
});

test('many rows are counted by the same request that changes them', () => {
  expect(bulkBody('change', ['1', '2'], { status: 'active' }, true)).toEqual({
    atomic: false, dry_run: true, operations: [{ op: 'change', id: '1', data: { status: 'active' } }, { op: 'change', id: '2', data: { status: 'active' } }],
  });
  expect(bulkBody('remove', ['1'])).toEqual({ atomic: false, operations: [{ op: 'remove', id: '1' }] });
});

test('of ten thousand rows no more than a hundred stand in the page, and those in view do', () => {
  for (const top of [-200, 0, 40, 4_000, 399_000]) {
    const { from, to } = sliceOf(10_000, top, 800, 40);
    expect(to - from).toBeLessThanOrEqual(mostRows);
    expect(from).toBeLessThanOrEqual(Math.max(0, Math.floor(top / 40)));
    expect(to).toBeGreaterThanOrEqual(Math.min(10_000, Math.ceil((top + 800) / 40)));
  }
  expect(sliceOf(3, 0, 800, 40)).toEqual({ from: 0, to: 3 });
  expect(sliceOf(0, 0, 800, 40)).toEqual({ from: 0, to: 0 });
});

test('answers stand under what they answer, and those whose question is missing by themselves', () => {
  const said = (id: string, to: string | null = null) => ({ id, reply_to: to, body: id }) as Said;
  const order = threads([said('1'), said('2'), said('3', '1'), said('4', '3'), said('5', 'gone'), said('6', '1')]);
  expect(order.map(({ row, depth }) => [row.id, depth])).toEqual([['1', 0], ['3', 1], ['4', 2], ['6', 1], ['2', 0], ['5', 0]]);
});

test('a kept view is the list that it was kept of', () => {
  const read = state('search=a&status__in=active,review&ordering=-due_on&columns=code,name');
  expect(stateOfSaved(savedQuery(read), model)).toEqual(read);
  expect(stateOfSaved({ filters: { status__in: ['active', 'review'], nothing: 1 }, group: 'status', columns: ['gone', 'name'] }, model)).toEqual({
    search: '', ordering: '', trash: false, columns: ['name'], filters: { status__in: 'active,review' },
  });
});

test('many rows go in steps, and how far they are is told before each', async () => {
  const heard: number[] = [];
  const sizes = await inSteps(Array.from({ length: 230 }, (_, i) => String(i)), (some) => Promise.resolve(some.length), (done) => heard.push(done));
  expect([sizes, heard]).toEqual([[100, 100, 30], [0, 100, 200]]);
  const failing = inSteps(Array.from({ length: 150 }, String), (some) => (some.length < 100 ? Promise.reject(new Error('no')) : Promise.resolve(1)), () => {});
  await expect(failing).rejects.toThrow('no');
});

test('views are one’s own or shown by others, and only the own one comes first', () => {
  const view = (id: string, owner: unknown, isDefault = false) => ({ id, owner, is_default: isDefault }) as View;
  const all = [view('1', 'me'), view('2', { id: 'you' }, true), view('3', { id: 'me' }, true)];
  const { own, shared } = partsOf(all, 'me');
  expect([own.map((each) => each.id), shared.map((each) => each.id), firstView(all, 'me')?.id, firstView(all, 'nobody')]).toEqual([['1', '3'], ['2'], '3', undefined]);
  const choices = ['personal', 'team', 'everyone'].map((value) => ({ value, label: value }));
  const names = (isClient: boolean, mayShare: boolean) => audiences(choices, isClient, mayShare).map((each) => each.value);
  expect([names(false, true), names(false, false), names(true, true)]).toEqual([['personal', 'team', 'everyone'], ['personal', 'team'], ['personal']]);
});
