import { expect, test } from 'vitest';
import { isOwn, matchPath, safeNext, screenAt, type Screen } from '../src/core/router.svelte';

test('a pattern takes its parts, and one that may be missing', () => {
  expect(matchPath('/projects/:id', '/projects/a%20b')).toEqual({ id: 'a b' });
  expect(matchPath('/projects/:id', '/projects')).toBeNull();
  expect(matchPath('/account/:tab?', '/account')).toEqual({});
  expect(matchPath('/account/:tab?', '/account/data')).toEqual({ tab: 'data' });
  expect(matchPath('/account/:tab?', '/account/data/more')).toBeNull();
  expect(matchPath('/', '/')).toEqual({});
  expect(matchPath('/a/:b', '/a/%E0%A4%A')).toBeNull();
});

test('the first screen that fits is shown', () => {
  const load = () => Promise.reject(new Error('not loaded'));
  const screens: Screen[] = [{ path: '/search', load }, { path: '/:collection/:id?', load }];
  expect(screenAt(screens, '/search')?.screen.path).toBe('/search');
  expect(screenAt(screens, '/projects/1')?.params).toEqual({ collection: 'projects', id: '1' });
  expect(screenAt(screens, '/a/b/c')).toBeNull();
});

test('after signing in one comes back to a path of this studio, never to another site', () => {
  expect(safeNext('/projects?status=active')).toBe('/projects?status=active');
  for (const wrong of [null, '', 'projects', 'https://elsewhere.example', '//elsewhere.example', '/\\elsewhere.example', '/login?next=/login'])
    expect(safeNext(wrong)).toBe('/');
});

test('what the program answers itself is left to the browser', () => {
  expect(['/api/docs', '/static/a.png', '/dev/mail', '/assets/a.js'].map(isOwn)).toEqual([false, false, false, false]);
  expect(['/', '/apis', '/projects', '/devices'].map(isOwn)).toEqual([true, true, true, true]);
});
