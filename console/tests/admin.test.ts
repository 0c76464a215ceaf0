import { QueryClient } from '@tanstack/svelte-query';
import type { Component } from 'svelte';
import { render } from 'svelte/server';
import { expect, test } from 'vitest';
import { readMeta, readModel } from '../src/core/meta';
import { auditQuery, changesOf, deedOf, filtersIn, wordsOf, type Entry } from '../src/features/audit/entries';
import { cardsOf, type Card } from '../src/features/home/cards';
import JobSheet from '../src/features/operations/JobSheet.svelte';
import Overview from '../src/features/operations/Overview.svelte';
import { counted, linked, mayCancel, mayRetry, queuesOf, type Now } from '../src/features/operations/states';
import Import from '../src/generated/Import.svelte';
import Within from './Within.svelte';

const entry = (verb: string, changes: Entry['changes'] = {}) => ({ id: 1, model: 'x.film', row: '7', at: '', verb, actor: null, changes, address: null, request: null, via: null }) as Entry;

test('the address of the trail says what it is narrowed by, and a field only with its model', () => {
  expect(filtersIn(new URLSearchParams('actor=me&verb=update&since=2026-11-01&nothing=1&field=name'))).toEqual({ actor: 'me', verb: 'update', since: '2026-11-01' });
  expect(auditQuery(filtersIn(new URLSearchParams('model=x.film&field=name&row=7')))).toEqual({ model: 'x.film', field: 'name', row: '7' });
});

test('what goes to the trash and comes back is called so, not a change', () => {
  expect([deedOf(entry('insert')), deedOf(entry('delete')), deedOf(entry('read')), deedOf(entry('update', { name: ['a', 'b'] }))]).toEqual(['made', 'removed', 'read', 'changed']);
  expect(deedOf(entry('update', { deleted_at: [null, '2026-11-30T10:00:00Z'] }))).toBe('trashed');
  expect(deedOf(entry('update', { deleted_at: ['2026-11-30T10:00:00Z', null] }))).toBe('restored');
});

test('changes have the fields of their model; what it does not tell is a text by its name', () => {
  const model = readModel({ fields: [{ name: 'name', label: 'Name', type: 'text' }] });
  const changes = changesOf(entry('update', { name: ['a', 'b'], gone: [null, { x: 1 }] }), model);
  expect(changes.map(({ field, before, after }) => [field.label, field.type, before, after])).toEqual([['Name', 'text', 'a', 'b'], ['Gone', 'JSON', null, { x: 1 }]]);
  expect(changesOf(entry('insert', { expires_at: [null, '2026-12-30T23:20:01.35546+00:00'], is_on: [null, true] }), undefined).map(({ field }) => [field.label, field.type])).toEqual([['Expires at', 'timestamp'], ['Is on', 'boolean']]);
  expect(wordsOf('auth.refresh_token')).toBe('Refresh token');
});

const now = {
  jobs: [{ queue: 'mail', state: 'dead', count: 2 }, { queue: 'default', state: 'dead', count: 1 }, { queue: 'mail', state: 'waiting', count: 5 }],
} as unknown as Now;

test('jobs are counted by state over all queues, and by queue', () => {
  expect([counted(now, 'dead'), counted(now, 'running')]).toEqual([3, 0]);
  expect(queuesOf(now)).toEqual([{ queue: 'mail', counts: { dead: 2, waiting: 5 } }, { queue: 'default', counts: { dead: 1 } }]);
});

test('a job is tried again or taken back only where that does something', () => {
  expect(['waiting', 'blocked', 'running', 'done', 'cancelled', 'dead'].map((state) => [mayRetry(state), mayCancel(state)])).toEqual([
    [true, true], [false, true], [false, true], [false, false], [true, false], [true, false],
  ]);
});

test('addresses in a mail can be followed, and nothing else of it becomes a link', () => {
  expect(linked('Go to https://studio.example/join#token=a-b\nor javascript:alert(1)')).toEqual([
    { text: 'Go to ', href: '' }, { text: 'https://studio.example/join#token=a-b', href: 'https://studio.example/join#token=a-b' }, { text: '\nor javascript:alert(1)', href: '' },
  ]);
});

test('cards stand on their side in their order, for whom they are', () => {
  const card = (id: string, side: 'main' | 'aside', order: number, isOpen = true): Card => ({ id, side, order, when: () => isOpen, load: () => Promise.reject(new Error('not asked')) });
  expect(cardsOf('main', [card('b', 'main', 20), card('c', 'aside', 1), card('a', 'main', 10), card('no', 'main', 5, false)]).map((each) => each.id)).toEqual(['a', 'b']);
});

test('/meta tells how large files may be, and what a spreadsheet may have', () => {
  expect(readMeta({ limits: { '/attachments/file': 26214400 } }).limits['/attachments/file']).toBe(26214400);
  expect(readMeta({}).limits).toEqual({});
  expect(readModel({ import: { fields: [], most_rows: 1000, batch: 'users.import' } }).import?.most_rows).toBe(1000);
  expect(readModel({}).import).toBeUndefined();
});

function shown(screen: Component<any>, props: Record<string, unknown>, answers: [unknown[], unknown][] = []): string { // eslint-disable-line @typescript-eslint/no-explicit-any
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  for (const [key, data] of answers) client.setQueryData(key, data);
  return render(Within, { props: { client, screen, props } }).body;
}

const figures = (more: Partial<Now> = {}): Now => ({
  program: '1.0', catches_mails: false, jobs: now.jobs, workers: [{ place: 'host:7', started_at: '2026-11-30T10:00:00Z', answers: true, running: 2 }],
  schedules: [{ name: 'core.purge_trash', last_tick: '2026-11-29T00:10:00Z', next_tick: '2026-11-30T00:10:00Z' }, { name: 'left.behind', last_tick: '2026-11-29T00:10:00Z', next_tick: null }],
  mails: [{ state: 'sent', count: 9 }, { state: 'failed', count: 1 }], ...more,
});

test('operations show counts that lead to what they count, who works, and when schedules are due', () => {
  const body = shown(Overview, { now: figures(), problem: null, onretry: () => {} });
  for (const text of ['/operations/jobs?state=dead', '/operations/mails?state=failed', 'host:7', 'answers', 'core.purge_trash', 'no app has it any more', '/operations/jobs?queue=mail', 'Version 1.0']) expect(body).toContain(text);
  expect(body).not.toContain('caught here');
});

test('a studio without a worker that answers says so', () => {
  expect(shown(Overview, { now: figures({ workers: [] }), problem: null, onretry: () => {} })).toContain('Nobody does background work');
  const silent = [{ place: 'host:7', started_at: '2026-11-30T10:00:00Z', answers: false, running: 0 }];
  expect(shown(Overview, { now: figures({ workers: silent }), problem: null, onretry: () => {} })).toContain('Nobody does background work');
});

test('a dead letter tells what went wrong and can be run again; one that is done can not', () => {
  const job = (state: string) => ({ id: '7', kind: 'mail.send', arguments: { mail: '9' }, queue: 'mail', priority: 0, state, attempt: 20, max_attempts: 20, rescues: 0, run_at: '2026-11-30T10:00:00Z', unique_key: null, serial_key: null, place: null,
    cancel_requested: false, last_error: state === 'dead' ? 'No room' : null, created_at: '2026-11-30T10:00:00Z', started_at: null, finished_at: null });
  const sheet = (state: string) => shown(JobSheet, { id: '7', stateOf: (name: string) => name, onclose: () => {} }, [[['/operations/jobs/7', 'answer', {}], job(state)]]);
  for (const text of ['No room', 'Run it now', '20 of 20', '&quot;mail&quot;: &quot;9&quot;']) expect(sheet('dead').replaceAll('"mail": "9"', '&quot;mail&quot;: &quot;9&quot;')).toContain(text);
  expect(sheet('done')).not.toContain('Run it now');
  expect(sheet('running')).toContain('Cancel it');
});

test('an import offers a file to fill in and says what it may have', () => {
  const entry = readMeta({ models: [{ name: 'x.film', path: '/films', plural: 'Films', allow: ['import'] }] }).models[0];
  const body = shown(Import, { entry, sheet: { most_rows: 1000, fields: [{ name: 'email', label: 'Mail', type: 'email', required: true }, { name: 'name', label: 'Name', type: 'text' }] }, onclose: () => {} });
  for (const text of ['Import: Films', 'at most 1,000 rows', 'Choose a file', 'Get an empty file', 'needed']) expect(body).toContain(text);
  expect(body.match(/needed/g)).toHaveLength(1);
});
