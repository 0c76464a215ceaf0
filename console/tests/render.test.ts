import { render } from 'svelte/server';
import { expect, test } from 'vitest';
import type { FieldMeta, Row } from '../src/core/meta';
import { readModel } from '../src/core/meta';
import Cards from '../src/generated/Cards.svelte';
import Conflict from '../src/generated/Conflict.svelte';
import Details from '../src/generated/Details.svelte';
import Input from '../src/generated/Input.svelte';
import Table from '../src/generated/Table.svelte';
import { sliceOf } from '../src/generated/virtual';
import { fieldTypes } from './types';

const field = (name: string, type: string, more: Partial<FieldMeta> = {}): FieldMeta => ({ name, label: name.toUpperCase(), type, ...more });
const model = readModel({
  name: 'x.y', path: '/ys', title: 'name', row_label: '{code} {name}', calendar: 'due_on', sections: [{ name: 'a', label: 'First', fields: ['name', 'owner'] }],
  fields: [
    field('id', 'id'), field('name', 'text', { sort: true }), field('owner', 'reference', { to: 'users.user' }),
    field('state', 'choice', { choices: [{ value: 'on', label: 'On', tone: 'good' }] }), field('due_on', 'date'), field('budget', 'money'), field('notes', 'long text'),
  ],
});
const rows: Row[] = Array.from({ length: 1000 }, (_, i) => ({
  id: `id-${i}`, name: `Film <${i}>`, owner: { id: 'u', first_name: 'Ada', last_name: 'Okello' }, state: 'on', due_on: '2026-01-01', is_overdue: true, budget: { amount: '1500000', currency: 'UGX' }, notes: 'x',
}));
const columns = model.fields.filter((each) => ['name', 'owner', 'state', 'due_on', 'budget'].includes(each.name));
const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;
const hrefOf = (id: string) => `/ys/${id}`;

test('a table of a thousand rows has a hundred of them at most, each with one link, and tells how many there are', () => {
  const { body } = render(Table, {
    props: { rows, slice: sliceOf(1000, 8000, 4000, 40), columns, model, hrefOf, rowHeight: 40, chosen: new Set(['id-200']), ordering: '-name', label: 'Ys', count: 1000, mayChoose: true, onsort: () => {}, onchoose: () => {} },
  });
  expect(count(body, /data-row="/g)).toBe(100);
  expect(count(body, /<a href="\/ys\//g)).toBe(100);
  expect(body).toContain('aria-rowcount="1001"');
  expect(body).toContain('aria-sort="descending"');
  expect(body).toContain('Film &lt;200>');
  expect(body).toContain('Ada Okello');
  expect(body).toMatch(/class="number[^"]*late/);
});

test('on a narrow screen a row is one link with its name, state and day', () => {
  const { body } = render(Cards, { props: { rows, slice: { from: 0, to: 1 }, columns, model, hrefOf, rowHeight: 68 } });
  expect(count(body, /<li/g)).toBe(1);
  for (const text of ['href="/ys/id-0"', 'Film &lt;0>', 'On', 'Ada Okello']) expect(body).toContain(text);
});

test('the details have the parts of the form, with what is empty as such, without its name and id', () => {
  const { body } = render(Details, { props: { model, row: { ...rows[0]!, notes: '' } } });
  expect([...body.matchAll(/<dt[^>]*>([^<]*)<\/dt>/g)].map(([, text]) => text)).toEqual(['OWNER', 'STATE', 'DUE_ON', 'BUDGET', 'NOTES']);
  expect(body).toContain('First');
  expect(body).toContain('UGX 1,500,000');
});

test('a conflict shows both values of its fields and of no other', () => {
  const { body } = render(Conflict, { props: { fields: [columns[0]!], mine: { name: 'Mine', budget: null }, theirs: { name: 'Theirs', budget: null }, names: {}, onresolve: () => {} } });
  for (const text of ['Mine', 'Theirs', 'NAME']) expect(body).toContain(text);
  expect(body).not.toContain('BUDGET');
});

test('each type of field has an input that its label and its sentence belong to', () => {
  for (const { name } of fieldTypes()) {
    const { body } = render(Input, { props: { field: field('one', name, { choices: [{ value: 'a', label: 'A' }], help: 'Help.' }), value: null, errors: ['Wrong.'] } });
    const id = /<label for="([^"]+)"/.exec(body)?.[1];
    expect(body, name).toContain(`id="${id}"`);
    expect(body, name).toContain('data-field="one"');
    expect(body, name).toMatch(/aria-describedby="[^"]+-e /);
    expect(body, name).toContain('Wrong.');
  }
});
