import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { address, call, csrfToken, onSignedOut, request } from '../src/core/api';
import { bodyOf, fileNameOf } from '../src/core/download';
import { asProblem, Problem } from '../src/core/problem';
import { json, studio } from './browser';

beforeEach(() => {
  vi.stubGlobal('document', { cookie: 'other=1; tamiti_csrf=token-1' });
  vi.stubGlobal('navigator', {});
  onSignedOut(() => Promise.resolve(false));
});
afterEach(() => vi.unstubAllGlobals());

const refused = () => json({ status: 401, code: 'auth.sign_in', title: 'Not signed in' }, 401);
const problemOf = (work: Promise<unknown>) => work.then(() => expect.unreachable('it was not refused'), asProblem);

test('what changes something carries the token of the cookie, what reads does not', async () => {
  const { sent, fetch } = studio([json({}), json({})]);
  vi.stubGlobal('fetch', fetch);
  await call('GET', '/projects');
  await call('POST', '/projects', { body: { name: 'A' }, ifMatch: '"1"', idempotencyKey: 'k' });
  expect(sent.map((each) => each.headers['X-CSRF-Token'])).toEqual([undefined, 'token-1']);
  expect(sent[1]).toMatchObject({ path: '/api/v1/projects', body: { name: 'A' }, headers: { 'If-Match': '"1"', 'Idempotency-Key': 'k' } });
});

test('over TLS the token is in the cookie that is bound to the host', () => {
  expect(csrfToken('a=b; __Host-tamiti_csrf=secret')).toBe('secret');
  expect(csrfToken('xtamiti_csrf=other')).toBe('');
});

test('a query leaves out what is null and joins what is many', () => {
  expect(address('/projects', { status__in: ['active', 'review'], search: null, page: 2, archived: undefined })).toBe(
    '/api/v1/projects?status__in=active%2Creview&page=2',
  );
});

test('an access that ran out is refreshed once and the request sent again', async () => {
  const { sent, fetch } = studio([refused(), json({ csrf_token: 'x' }), json({ id: '1' }, 200, { ETag: '"7"' })]);
  vi.stubGlobal('fetch', fetch);
  const answer = await request('PATCH', '/projects/1', { body: { name: 'B' } });
  expect(answer).toMatchObject({ data: { id: '1' }, etag: '"7"' });
  expect(sent.map((each) => `${each.method} ${each.path}`)).toEqual([
    'PATCH /api/v1/projects/1',
    'POST /api/v1/auth/cookie/refresh',
    'PATCH /api/v1/projects/1',
  ]);
});

test('two requests at once share one refresh', async () => {
  let isIn = false;
  const paths: string[] = [];
  vi.stubGlobal('fetch', async (path: string) => {
    paths.push(path);
    await Promise.resolve();
    if (path.endsWith('/refresh')) {
      isIn = true;
      return json({});
    }
    return isIn ? json({}) : refused();
  });
  await Promise.all([call('GET', '/a'), call('GET', '/b')]);
  expect(paths.filter((path) => path.endsWith('/refresh'))).toHaveLength(1);
});

test('where the session has ended it asks to sign in and then goes on with the same request', async () => {
  const { sent, fetch } = studio([refused(), refused(), json({ done: true })]);
  vi.stubGlobal('fetch', fetch);
  const ask = vi.fn(() => Promise.resolve(true));
  onSignedOut(ask);
  expect(await call('POST', '/projects', { body: { name: 'kept' } })).toEqual({ done: true });
  expect(ask).toHaveBeenCalledOnce();
  expect(sent[2]!.body).toEqual({ name: 'kept' });
});

test('who gives up gets the refusal, and nothing is sent again', async () => {
  const { sent, fetch } = studio([refused(), refused()]);
  vi.stubGlobal('fetch', fetch);
  expect(await problemOf(call('GET', '/projects'))).toMatchObject({ status: 401, code: 'auth.sign_in' });
  expect(sent).toHaveLength(2);
});

test('signing in itself is neither refreshed nor asked for', async () => {
  const { sent, fetch } = studio([json({ status: 401, code: 'auth.second_factor_needed' }, 401)]);
  vi.stubGlobal('fetch', fetch);
  expect(await problemOf(call('POST', '/auth/cookie', { anonymous: true }))).toMatchObject({ code: 'auth.second_factor_needed' });
  expect(sent).toHaveLength(1);
});

test('a refusal has the sentences of its fields, its request and how long to wait', async () => {
  vi.stubGlobal('fetch', studio([json({ status: 422, code: 'http.invalid', detail: 'One field is invalid.', instance: 'r1', errors: { name: ['Too long.'], 'items.2.amount': 'Not a number.' } }, 422, { 'Retry-After': '30' })]).fetch);
  const problem = await problemOf(call('GET', '/x'));
  expect(problem).toMatchObject({ request: 'r1', retryAfter: 30, errors: { name: ['Too long.'], 'items.2.amount': ['Not a number.'] } });
});

test('a 412 brings the row as it is now', async () => {
  vi.stubGlobal('fetch', studio([json({ status: 412, code: 'http.changed_meanwhile', current: { name: 'Theirs' } }, 412, { ETag: '"9"' })]).fetch);
  expect(await problemOf(call('PATCH', '/x'))).toMatchObject({ current: { name: 'Theirs' }, currentTag: '"9"' });
});

test('no network, a page of a proxy and a broken document are problems, too', async () => {
  vi.stubGlobal('fetch', studio([new TypeError('fetch failed')]).fetch);
  expect(await problemOf(call('GET', '/x'))).toMatchObject({ status: 0, code: 'network', isPassing: true });
  vi.stubGlobal('fetch', studio([new Response('<h1>Bad gateway</h1>', { status: 502, headers: { 'Content-Type': 'text/html', 'X-Request-Id': 'r2' } })]).fetch);
  expect(await problemOf(call('GET', '/x'))).toMatchObject({ status: 502, code: 'http.502', request: 'r2', isPassing: true });
  vi.stubGlobal('fetch', studio([new Response('{', { status: 500, headers: { 'Content-Type': 'application/json' } })]).fetch);
  expect(await problemOf(call('GET', '/x'))).toBeInstanceOf(Problem);
});

test('a file is called as the studio says and comes with its size on the way', async () => {
  const headers = new Headers({ 'Content-Disposition': 'attachment; filename="projects-2026-11-30.csv"' });
  expect([fileNameOf(headers, 'x'), fileNameOf(new Headers(), 'Projects')]).toEqual(['projects-2026-11-30.csv', 'Projects']);
  const heard: number[] = [];
  const file = await bodyOf(new Response('code,name\n', { headers: { 'Content-Type': 'text/csv' } }), (size) => heard.push(size));
  expect([await file.text(), heard.at(-1)]).toEqual(['code,name\n', 10]);
});
