import { expect, test, vi } from 'vitest';
import { addressOf, ask, asked, cursorOf, pagesOf, verb } from '../src/core/requests';
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
