import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { call, refresh } from '../src/core/api';
import { draftKeys, keepDraft } from '../src/core/drafts';
import { fileNameOf } from '../src/core/download';
import { asProblem } from '../src/core/problem';
import { client } from '../src/core/queries';
import { place } from '../src/core/router.svelte';
import { session, type Me } from '../src/core/session.svelte';
import { toasts } from '../src/core/toasts.svelte';
import { stopViewing, viewAs, viewing } from '../src/core/viewing.svelte';
import { json, storage } from './browser';

const person = (id: string, viewed_by: string | null): Me =>
  ({ id, viewed_by, username: id, first_name: '', last_name: '', language: 'en', time_zone: 'Africa/Kampala', roles: ['staff'], permissions: [], version: 1 }) as unknown as Me;
const problemOf = (work: Promise<unknown>) => work.then(() => expect.unreachable('it was not refused'), asProblem);

interface Sent {
  line: string;
  headers: Record<string, string>;
  body: unknown;
}
let sent: Sent[];
let isOver: boolean;
const asked = (line: string) => sent.filter((each) => each.line === line);

beforeEach(() => {
  sent = [];
  isOver = false;
  vi.useFakeTimers();
  vi.stubGlobal('document', { cookie: 'tamiti_csrf=t', documentElement: { lang: 'en' }, addEventListener: vi.fn(), removeEventListener: vi.fn() });
  const here = { href: 'http://studio/users/u2', origin: 'http://studio', pathname: '/users/u2', search: '' };
  vi.stubGlobal('location', here);
  vi.stubGlobal('history', { pushState: (_state: unknown, _title: string, url: URL) => Object.assign(here, { href: url.href, pathname: url.pathname, search: url.search }) });
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('localStorage', storage());
  vi.stubGlobal('fetch', async (path: string, options: RequestInit) => {
    const headers = options.headers as Record<string, string>;
    sent.push({ line: `${options.method} ${path.replace('/api/v1', '')}`, headers, body: options.body && JSON.parse(String(options.body)) });
    if (path.endsWith('/auth/view-as/u2')) return json({ access: 'view-token', expires_in: 600 });
    if (path.endsWith('/users/me')) return json(headers['Authorization'] ? person('u2', 'u1') : person('u1', null));
    if (path.endsWith('/meta')) return json({ models: [] });
    if (isOver && headers['Authorization']) return json({ status: 401, code: 'auth.invalid_token' }, 401);
    return headers['Authorization'] && options.method !== 'GET' ? json({ status: 403, code: 'auth.view_only', detail: 'You look as somebody else.' }, 403) : json({});
  });
  session.me = person('u1', null);
  session.state = 'in';
  toasts.list = [];
  client.clear();
});
afterEach(async () => {
  await stopViewing();
  vi.clearAllTimers();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('who looks as somebody else asks as them, begins at their home and leaves nothing of them in the browser', async () => {
  client.setQueryData(['/projects', 'list', {}], { results: ['mine'] });
  await viewAs('u2', 'Their list is empty.');
  expect(asked('POST /auth/view-as/u2')).toMatchObject([{ body: { reason: 'Their list is empty.' }, headers: { 'X-CSRF-Token': 't' } }]);
  expect(session.me).toMatchObject({ id: 'u2', viewed_by: 'u1' });
  expect(viewing.own?.id).toBe('u1');
  expect(viewing.minutes).toBe(10);
  expect(place.path).toBe('/');
  expect(client.getQueryData(['/projects', 'list', {}])).toBeUndefined();
  expect(localStorage.getItem('tamiti.person')).toBeNull();

  await call('GET', '/projects');
  const problem = await problemOf(call('PATCH', '/projects/1', { body: { name: 'A' } }));
  expect(problem).toMatchObject({ status: 403, code: 'auth.view_only' });
  for (const line of ['GET /projects', 'PATCH /projects/1']) {
    expect(asked(line)[0]?.headers['Authorization']).toBe('Bearer view-token');
    expect(asked(line)[0]?.headers['X-CSRF-Token']).toBeUndefined();
  }
});

test('being oneself again is asking by cookie, where one was before, without what was typed as the other', async () => {
  await viewAs('u2', 'x');
  keepDraft('profile', { bio: 'typed as the other' });
  expect(draftKeys()).toEqual(['profile']);
  await stopViewing();
  expect(session.me?.id).toBe('u1');
  expect(viewing.own).toBeNull();
  expect(place.path).toBe('/users/u2');
  expect(Object.keys(localStorage).filter((key) => key.includes('u2'))).toEqual([]);
  await call('GET', '/projects');
  expect(asked('GET /projects')[0]?.headers['Authorization']).toBeUndefined();
});

test('a view that the studio ends, ends here too, and never turns into a request of one’s own', async () => {
  await viewAs('u2', 'x');
  isOver = true;
  expect(await problemOf(call('GET', '/projects'))).toMatchObject({ code: 'auth.view_over' });
  await vi.waitFor(() => expect(session.me?.id).toBe('u1'));
  expect(asked('GET /projects').length).toBe(1);
  expect(asked('POST /auth/cookie/refresh')).toEqual([]);
  await vi.waitFor(() => expect(toasts.list.at(-1)?.text).toContain('yourself again'));
});

test('after ten minutes it is over by itself', async () => {
  await viewAs('u2', 'x');
  await vi.advanceTimersByTimeAsync(599_000);
  expect(session.me?.id).toBe('u2');
  await vi.advanceTimersByTimeAsync(2000);
  expect(session.me?.id).toBe('u1');
});

test('nobody looks as somebody else out of a view, and a view refreshes no session', async () => {
  await viewAs('u2', 'x');
  await viewAs('u3', 'x');
  expect(asked('POST /auth/view-as/u3')).toEqual([]);
  expect(await refresh()).toBe(false);
  expect(asked('POST /auth/cookie/refresh')).toEqual([]);
});

test('a file keeps the name that the studio gives it', () => {
  const named = (disposition: string) => fileNameOf(new Headers({ 'Content-Disposition': disposition }), 'else.csv');
  expect(named('attachment; filename="projects.csv"')).toBe('projects.csv');
  expect(named("attachment; filename=\"x.csv\"; filename*=UTF-8''caf%C3%A9.csv")).toBe('café.csv');
  expect(fileNameOf(new Headers(), 'else.csv')).toBe('else.csv');
});
