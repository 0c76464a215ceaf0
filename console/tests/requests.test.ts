import { expect, test, vi } from 'vitest';
import { bodyOf, fileNameOf } from '../src/core/download';
import { addressOf, ask, asked, cursorOf, pagesOf, verb } from '../src/core/requests';
import { inSteps } from '../src/generated/bulk';
import { audiences, firstView, partsOf, type View } from '../src/generated/views';
import { schemaText, typeOf } from '../tools/schema.mjs';
import { json, studio } from './browser';

test('a request is known by its name, with what stands in its path written into it', async () => {
  vi.stubGlobal('document', { cookie: '' });
  const { sent, fetch } = studio([json({ results: [], next: null })]);
  vi.stubGlobal('fetch', fetch);
  await ask('GET /operations/jobs', { query: { state: 'dead', page_size: 50 } });
  expect(sent[0]).toMatchObject({ method: 'GET', path: '/api/v1/operations/jobs?state=dead&page_size=50' });
  expect(addressOf('POST /operations/jobs/{id}/retry', { id: 'a/b' })).toEqual({ method: 'POST', path: '/operations/jobs/a%2Fb/retry' });
  expect(verb('POST /operations/jobs/{id}/retry', { path: { id: '7' } })).toEqual({ method: 'POST', path: '/operations/jobs/7/retry' });
  expect(verb('POST /tags/merge', { body: { from: ['a'], into: 'b' } })).toEqual({ method: 'POST', path: '/tags/merge', body: { from: ['a'], into: 'b' } });
  expect(asked('GET /operations/jobs/{id}', { path: { id: '7' } }, { keep: false })).toMatchObject({ queryKey: ['/operations/jobs/7', 'answer', {}], meta: { keep: false } });
});

test('what comes page by page goes on where the answer says', () => {
  expect(cursorOf('/api/v1/audit?model=x&cursor=12')).toBe('12');
  expect([cursorOf(null), cursorOf('/api/v1/audit')]).toEqual([undefined, undefined]);
  const pages = pagesOf('GET /audit', { model: 'projects.project' });
  expect(pages.queryKey).toEqual(['/audit', 'pages', { model: 'projects.project' }]);
  expect(pages.meta.keep).toBe(false);
});

test('schemas of the document become types', () => {
  expect(typeOf({ type: ['string', 'null'], format: 'date-time' })).toBe('string | null');
  expect(typeOf({ type: 'string', enum: ['a', 'b'] })).toBe("'a' | 'b'");
  expect(typeOf({ type: 'array', items: { type: 'string', enum: ['a', 'b'] } })).toBe("('a' | 'b')[]");
  expect(typeOf({ type: 'array', minItems: 2, maxItems: 2, items: {} })).toBe('[unknown, unknown]');
  expect(typeOf({ oneOf: [{ type: 'string' }, { $ref: '#/components/schemas/UserBrief' }, { type: 'null' }] })).toBe("string | Schemas['UserBrief'] | null");
  expect(typeOf({ type: 'object', properties: { id: { type: 'integer' }, 'a-b': { type: 'boolean' } }, required: ['id'] })).toBe("{ id: number; 'a-b'?: boolean }");
  expect(typeOf({ type: 'object', additionalProperties: { type: 'integer' } })).toBe('{ [other: string]: number }');
});

test('requests of the document become names with what they take and answer', () => {
  const answer = { 200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Film' } } } }, 404: {} };
  const text = schemaText([
    { paths: { '/films': { get: { parameters: [{ name: 'or', in: 'query', schema: { type: 'string' } }], responses: answer } } }, components: { schemas: { Film: { type: 'string' } } } },
    {
      paths: { '/films/{id}/stop': { post: { parameters: [{ $ref: '#/components/parameters/Id' }, { name: 'If-Match', in: 'header', schema: {} }], requestBody: { content: { 'application/octet-stream': {} } }, responses: { 204: {} } } } },
      components: { parameters: { Id: { name: 'id', in: 'path', required: true, schema: { type: 'string' } } } },
    },
  ]);
  expect(text).toContain("  'GET /films': { query: Filters; answer: Schemas['Film'] };");
  expect(text).toContain("  'POST /films/{id}/stop': { path: { id: string }; body: Blob; answer: void };");
});

test('a file is called as the studio says and comes with its size on the way', async () => {
  const headers = new Headers({ 'Content-Disposition': 'attachment; filename="projects-2026-11-30.csv"' });
  expect([fileNameOf(headers, 'x'), fileNameOf(new Headers(), 'Projects')]).toEqual(['projects-2026-11-30.csv', 'Projects']);
  const heard: number[] = [];
  const file = await bodyOf(new Response('code,name\n', { headers: { 'Content-Type': 'text/csv' } }), (size) => heard.push(size));
  expect([await file.text(), heard.at(-1)]).toEqual(['code,name\n', 10]);
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
