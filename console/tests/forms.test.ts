import { expect, test } from 'vitest';
import { readModel, type FieldMeta } from '../src/core/meta';
import { isPerson, namesIn, nameOfRow } from '../src/generated/names';
import { bodyOf, firstValues, formFields, isChanged, isSame, localOf, merge, momentOf, partsOf, plainNumber, sent, valuesOfRow } from '../src/generated/values';

const field = (name: string, type: string, more: Partial<FieldMeta> = {}): FieldMeta => ({ name, label: name, type, ...more });
const model = readModel({
  name: 'x.y', path: '/ys', sections: [{ name: 'First', label: 'First', fields: ['name', 'gone'] }, { name: 'None', label: 'None', fields: ['made'] }],
  fields: [
    field('id', 'id', { write: 'create' }), field('name', 'text', { required: true }), field('code', 'text', { write: 'create' }), field('made', 'timestamp', { write: 'never' }),
    field('owner', 'reference', { nullable: true, to: 'users.user' }), field('people', 'list of references'), field('count', 'integer'), field('state', 'choice', { default: 'new', choices: [{ value: 'new', label: 'New' }, { value: 'old', label: 'Old' }] }),
    field('budget', 'money', { nullable: true }), field('ready', 'boolean', { default: false }),
  ],
});
const names = (fields: FieldMeta[]) => fields.map((each) => each.name);

test('a form has the fields that may be set: more of a new row than of one that is there, never the id', () => {
  expect(names(formFields(model, true))).toEqual(['name', 'code', 'owner', 'people', 'count', 'state', 'budget', 'ready']);
  expect(names(formFields(model, false))).toEqual(['name', 'owner', 'people', 'count', 'state', 'budget', 'ready']);
});

test('a form has the parts of the model, without empty ones, and what is left at its end', () => {
  expect(partsOf(model, formFields(model, false)).map((part) => [part.label, names(part.fields)])).toEqual([
    ['First', ['name']], ['', ['owner', 'people', 'count', 'state', 'budget', 'ready']],
  ]);
});

test('a row that was embedded is its id in a form', () => {
  const row = { id: '1', name: 'A', owner: { id: '7', username: 'ada' }, people: [{ id: '8' }, '9'], budget: { amount: '5', currency: 'UGX' } };
  expect(valuesOfRow(formFields(model, false), row)).toMatchObject({ name: 'A', owner: '7', people: ['8', '9'], budget: { amount: '5', currency: 'UGX' }, count: null });
});

test('a new row begins with what its address says, else with the defaults', () => {
  const id = '019b8cbd-af07-7ff6-a505-cef4ad3470cd';
  expect(firstValues(formFields(model, true), new URLSearchParams(`owner=${id}&state=other&ready=true&name=N`))).toMatchObject({ owner: id, state: 'new', ready: true, name: 'N', code: null });
  expect(firstValues(formFields(model, true), new URLSearchParams('owner=me'))).toMatchObject({ owner: null });
  const required = formFields(model, true).map((field) => (field.name === 'owner' ? { ...field, default: '00000000-0000-0000-0000-000000000000' } : field));
  expect(firstValues(required)).toMatchObject({ owner: null });
});

test('of a changed row only what differs is sent, of a new one only what has a value', () => {
  const fields = formFields(model, false);
  const before = valuesOfRow(fields, { id: '1', name: 'A', owner: '7', people: [], count: 3, state: 'new', budget: { amount: '5', currency: 'UGX' }, ready: false });
  expect(bodyOf(fields, { ...before, name: ' B ', owner: null, count: '12', budget: { currency: 'UGX', amount: '5' } }, before)).toEqual({ name: 'B', owner: null, count: 12 });
  expect(isChanged(fields, { ...before, name: 'A' }, before)).toBe(false);
  expect(bodyOf(formFields(model, true), firstValues(formFields(model, true)), null)).toEqual({ state: 'new', ready: false });
});

test('numbers keep all their digits, and what is empty is null only where it may be', () => {
  expect(sent(field('n', 'integer'), '9007199254740993')).toBe('9007199254740993');
  expect(sent(field('n', 'integer'), '12x')).toBe('12x');
  expect([sent(field('a', 'text'), ''), sent(field('a', 'text', { nullable: true }), ''), sent(field('a', 'tags'), null), sent(field('a', 'boolean'), false)]).toEqual(['', null, [], false]);
});

test('nothing, an empty text and an empty list are the same; yes and no are not', () => {
  expect([isSame(null, ''), isSame([], null), isSame(false, null), isSame({ a: 1, b: 2 }, { b: 2, a: 1 }), isSame(['a', 'b'], ['b', 'a'])]).toEqual([true, true, false, true, false]);
});

test('of two people’s changes only fields that both changed to something else are a question', () => {
  const fields = [field('a', 'text'), field('b', 'text'), field('c', 'text'), field('d', 'text')];
  const before = { a: '1', b: '1', c: '1', d: '1' };
  expect(merge(fields, before, { a: 'mine', b: '1', c: 'mine', d: 'same' }, { a: 'theirs', b: 'theirs', c: '1', d: 'same' })).toEqual({
    values: { a: 'mine', b: 'theirs', c: 'mine', d: 'same' }, conflicts: ['a'],
  });
});

test('numbers are taken as people write them', () => {
  expect(['1,200.50', '1 200', '18,500,000', '0.5', '1,5'].map((text) => plainNumber(text, '.'))).toEqual(['1200.50', '1200', '18500000', '0.5', '1,5']);
  expect(['1.200,50', '1 200,5', '0,5', '1.234.567'].map((text) => plainNumber(text, ','))).toEqual(['1200.50', '1200.5', '0.5', '1234567']);
});

test('a moment is shown and taken by the clocks of a zone', () => {
  expect(localOf('2026-11-30T21:30:00Z', 'Africa/Kampala')).toBe('2026-12-01T00:30');
  expect(momentOf('2026-12-01T00:30', 'Africa/Kampala')).toBe('2026-11-30T21:30:00Z');
  expect(momentOf('2026-07-01T12:00', 'Europe/Paris')).toBe('2026-07-01T10:00:00Z');
  expect(momentOf('2026-01-01T12:00', 'Europe/Paris')).toBe('2026-01-01T11:00:00Z');
});

test('a row is called by its person’s names, its model’s pattern, or what it has', () => {
  expect(nameOfRow({ id: '1', first_name: 'Ada', last_name: 'Okello', username: 'ada' })).toBe('Ada Okello');
  expect(nameOfRow({ id: '1', code: 'A', client: { id: '2', name: 'Nile' } }, { row_label: '{code} of {client}', title: 'code' })).toBe('A of Nile');
  expect(nameOfRow({ id: '1', email: 'a@b.example' })).toBe('a@b.example');
  expect([nameOfRow(null), nameOfRow({ id: '1' })]).toEqual(['', '1']);
  expect([isPerson({ id: '1', username: 'ada' }), isPerson({ id: '1', name: 'Nile' }), isPerson('1')]).toEqual([true, false, false]);
  expect(namesIn({ owner: { id: '1', username: 'ada' }, people: [{ id: '2', name: 'B' }], name: 'C' })).toEqual({ '1': 'ada', '2': 'B' });
});
