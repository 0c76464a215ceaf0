import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { draftKeys, draftOf, draftsOf, dropAllDrafts, keepDraft } from '../src/core/drafts';
import { rewrite, submit, submitAndSay } from '../src/core/outbox';
import { asProblem, Problem, sentenceOf } from '../src/core/problem';
import { client } from '../src/core/queries';
import { dismiss, toasts, undoLast } from '../src/core/toasts.svelte';
import { json, storage, studio } from './browser';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.stubGlobal('document', { cookie: 'tamiti_csrf=t' });
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('localStorage', storage());
  draftsOf('ada');
  client.clear();
  for (const each of toasts.list) dismiss(each.id);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const soon = async <T>(work: Promise<T>): Promise<T> => {
  const result = work.then((value) => ({ value }), (fault: unknown) => ({ fault }));
  await vi.advanceTimersByTimeAsync(5_000);
  const end = await result;
  if ('fault' in end) throw end.fault;
  return end.value;
};

test('a change that meets no network is sent again with the same key', async () => {
  const { sent, fetch } = studio([new TypeError('failed'), json({}, 503), json({ id: '1' })]);
  vi.stubGlobal('fetch', fetch);
  expect((await soon(submit({ method: 'POST', path: '/projects', body: {} }))).data).toEqual({ id: '1' });
  const keys = sent.map((each) => each.headers['Idempotency-Key']);
  expect(keys).toEqual([keys[0], keys[0], keys[0]]);
  expect(keys[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('requests under /auth heed no key, so they are never sent twice', async () => {
  const { sent, fetch } = studio([new TypeError('failed')]);
  vi.stubGlobal('fetch', fetch);
  await expect(soon(submit({ method: 'POST', path: '/auth/tokens' }))).rejects.toMatchObject({ code: 'network' });
  expect(sent).toHaveLength(1);
});

test('what is refused puts the screen back and keeps the draft', async () => {
  vi.stubGlobal('fetch', studio([json({ status: 422, detail: 'No.' }, 422)]).fetch);
  client.setQueryData(['/projects', 'list'], ['before']);
  keepDraft('form', { name: 'typed' });
  const change = submit({ method: 'PATCH', path: '/projects/1', draft: 'form', optimistic: () => rewrite('/projects', () => ['after']) });
  expect(client.getQueryData(['/projects', 'list'])).toEqual(['after']);
  await expect(soon(change)).rejects.toMatchObject({ status: 422 });
  expect(client.getQueryData(['/projects', 'list'])).toEqual(['before']);
  expect(draftOf('form')).toEqual({ name: 'typed' });
});

test('what was done forgets the draft, says so and can be taken back once', async () => {
  vi.stubGlobal('fetch', studio([json({ id: '1' })]).fetch);
  keepDraft('form', { name: 'typed' });
  const undo = vi.fn(() => Promise.resolve());
  const change = submit<{ id: string }>({ method: 'PATCH', path: '/x', draft: 'form', done: 'Saved', undo });
  await change;
  expect(draftOf('form')).toBeUndefined();
  expect(toasts.list.map((each) => each.text)).toEqual(['Saved']);
  expect(undoLast()).toBe(true);
  expect(undo).toHaveBeenCalledExactlyOnceWith({ id: '1' });
  expect(undoLast()).toBe(false);
});

test('a refusal that no form waits for is said in a toast, with the request where it is the fault of the studio', async () => {
  vi.stubGlobal('fetch', studio([json({ status: 500, title: 'Fault', detail: 'Something went wrong.', instance: 'r9' }, 500)]).fetch);
  expect(await soon(submitAndSay({ method: 'POST', path: '/x' }))).toBeNull();
  expect(toasts.list.map((each) => [each.tone, each.text])).toEqual([['bad', 'Something went wrong. (r9)']]);
  expect(sentenceOf(asProblem(new Problem(422, 'x', 'Invalid', 'One field is invalid.', { name: ['Too long.'] })))).toBe('Too long.');
});

test('drafts belong to a person, and signing out deletes those of all', () => {
  keepDraft('form', 1);
  draftsOf('ben');
  expect(draftOf('form')).toBeUndefined();
  keepDraft('other', 2);
  expect(draftKeys()).toEqual(['other']);
  dropAllDrafts();
  expect(draftKeys()).toEqual([]);
  draftsOf('ada');
  expect(draftOf('form')).toBeUndefined();
});
