import { QueryClient } from '@tanstack/svelte-query';
import type { Component } from 'svelte';
import { render } from 'svelte/server';
import { beforeEach, expect, test, vi } from 'vitest';
import { readMeta, readModel } from '../src/core/meta';
import { place } from '../src/core/router.svelte';
import { session, type Me } from '../src/core/session.svelte';
import { moved, squareOf, whole } from '../src/features/account/picture';
import Access from '../src/features/people/Access.svelte';
import Answer from '../src/features/people/Answer.svelte';
import Invitations from '../src/features/people/Invitations.svelte';
import PeopleRows from '../src/features/people/PeopleRows.svelte';
import Permissions from '../src/features/people/Permissions.svelte';
import { inWords } from '../src/features/people/extents';
import { calledModel, closedRoutes, joined, linesOf, reached, rolesOf, type Matrix } from '../src/features/people/rights';
import { calledRole, roleChoices, withRole } from '../src/features/people/roles';
import { weekOf } from '../src/features/people/hours';
import { standingOf, type Person } from '../src/features/people/standing';
import { storage } from './browser';
import Within from './Within.svelte';

const roles = ['admin', 'manager', 'finance', 'staff', 'client'];
const row = (model: string, role: string, view: string, create: string, change: string, remove: string) => ({ model, path: `/${model}`, role, view, create, change, remove });
const matrix = {
  resources: [
    row('projects.project', 'admin', 'all', 'all', 'all', 'all'), row('projects.project', 'staff', 'some', 'all', 'some', 'none'), row('projects.project', 'client', 'some', 'none', 'none', 'none'),
    row('users.import', 'admin', 'all', 'none', 'none', 'none'), row('users.import', 'staff', 'none', 'none', 'none', 'none'), row('users.import', 'client', 'none', 'none', 'none', 'none'),
  ],
  routes: [
    { method: 'GET', path: '/search', access: 'signed in', roles: ['admin', 'staff', 'client'] }, { method: 'POST', path: '/auth/token', access: 'anyone', roles: ['admin', 'staff', 'client'] },
    { method: 'POST', path: '/milestones/{id}/sign-off', access: 'scope verb', roles: ['client'] }, { method: 'POST', path: '/tags/merge', access: 'common.manage_tags', roles: ['admin'] },
  ],
  fields: [{ model: 'projects.project', field: 'budget', read: ['admin'], write: ['admin'] }],
} as Matrix;
const held = [{ code: 'projects.view_money', label: 'See budgets', roles: ['admin'], is_yours: true }];
const choices = roles.map((value) => ({ value, label: value.toUpperCase() }));
const users = readModel({ name: 'users.user', path: '/users', fields: [{ name: 'roles', label: 'Roles', type: 'set of choices', choices }], actions: [{ name: 'erase', label: 'Erase', method: 'POST', path: '/users/{id}/erase' }] });
const meta = readMeta({ models: [
  { name: 'users.user', path: '/users', label: 'User', plural: 'Users', allow: ['list', 'read', 'change'] }, { name: 'projects.project', path: '/projects', label: 'Project', plural: 'Projects', allow: ['list', 'read'] },
  { name: 'users.invitation', path: '/invitations', label: 'Invitation', plural: 'Invitations', allow: ['list', 'read', 'create'] },
] });
const person = (more: Partial<Person> = {}): Person =>
  ({ id: 'p', username: 'irene', first_name: 'Irene', last_name: 'Atuhaire', job_title: 'Finance officer', avatar: '', roles: ['finance'], department: null, is_active: true, is_verified: true, can: ['change'], ...more });

function shown(screen: Component<any>, props: Record<string, unknown>, answers: [unknown[], unknown][] = []): string { // eslint-disable-line @typescript-eslint/no-explicit-any
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  const known: [unknown[], unknown][] = [
    [['/meta'], meta], [['/meta', 'users.user'], users], [['/meta', 'users.invitation'], users], [['/permissions/matrix', 'answer', {}], matrix], [['/permissions', 'answer', {}], held],
  ];
  for (const [key, data] of [...known, ...answers]) client.setQueryData(key, data);
  return render(Within, { props: { client, screen, props } }).body;
}
function signIn(...permissions: string[]) {
  session.me = { id: 'me', username: 'me', roles: ['staff'], permissions, viewed_by: null } as unknown as Me;
}

beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: false }));
  vi.stubGlobal('localStorage', storage());
  place.search = '';
  signIn('users.view_all', 'users.manage', 'users.invite', 'users.view_as');
});

test('of several roles somebody has the most that one of them gives', () => {
  const [projects, imports] = linesOf(matrix);
  expect(joined(projects!, ['staff', 'client'])).toEqual({ view: 'some', create: 'all', change: 'some', remove: 'none' });
  expect(joined(imports!, ['staff', 'admin']).view).toBe('all');
  expect(joined(imports!, ['unknown'])).toEqual({ view: 'none', create: 'none', change: 'none', remove: 'none' });
  expect(reached(linesOf(matrix), ['staff'], 'view', 'some')).toEqual(['projects.project']);
  expect(rolesOf(matrix)).toEqual(['admin', 'staff', 'client']);
  expect(inWords(joined(projects!, ['staff']))).toBe('sees some, makes new ones and changes some');
  expect(inWords(joined(imports!, ['client']))).toBe('nothing');
});

test('only what not everybody may call is compared, and a kind without a screen has its own name', () => {
  expect(closedRoutes(matrix).map((route) => route.path)).toEqual(['/milestones/{id}/sign-off', '/tags/merge']);
  expect(calledModel(meta, 'projects.project')).toBe('Projects');
  expect(calledModel(meta, 'users.import')).toBe('Import');
});

test('a client holds no other role, and roles keep their order', () => {
  expect(withRole(['staff'], 'admin', true, roles)).toEqual(['admin', 'staff']);
  expect(withRole(['staff', 'admin'], 'client', true, roles)).toEqual(['client']);
  expect(withRole(['client'], 'staff', true, roles)).toEqual(['staff']);
  expect(withRole(['admin', 'staff'], 'admin', false, roles)).toEqual(['staff']);
  expect(calledRole(roleChoices(users), 'staff')).toBe('STAFF');
  expect(calledRole([], 'auditor')).toBe('Auditor');
});

test('an account stands as its worst trait says, and what one is not told counts for nothing', () => {
  expect(standingOf(person()).key).toBe('active');
  expect(standingOf(person({ is_active: false, is_verified: false })).key).toBe('closed');
  expect(standingOf(person({ is_active: false, erased_at: '2026-01-01T00:00:00Z' })).key).toBe('erased');
  expect(standingOf(person({ expires_at: '2020-01-01T00:00:00Z' })).key).toBe('expired');
  expect(standingOf(person({ expires_at: '2120-01-01T00:00:00Z' })).key).toBe('until');
  expect(standingOf(person({ is_verified: false })).key).toBe('unverified');
  expect(standingOf(person({ out_of_office_from: '2020-01-01', out_of_office_until: '2120-01-01' })).key).toBe('away');
  expect(standingOf(person({ out_of_office_from: '2110-01-01', out_of_office_until: '2120-01-01' })).key).toBe('active');
  const { is_verified: _, ...untold } = person();
  expect(standingOf(untold as Person).key).toBe('active');
});

test('a week of work is said by stretches of the same hours', () => {
  const day = ['08:30', '17:30'];
  expect(weekOf({ mon: day, tue: day, wed: day, fri: ['08:30', '16:30'], sun: day })).toEqual([{ days: 'Mon–Wed', hours: '08:30–17:30' }, { days: 'Fri', hours: '08:30–16:30' }, { days: 'Sun', hours: '08:30–17:30' }]);
  expect(weekOf({ mon: 'late', tue: [] })).toEqual([]);
  expect(weekOf(null)).toEqual([]);
});

test('a picture is cut to a square that stays within it, wherever it is moved', () => {
  expect(squareOf(800, 600, whole)).toEqual({ x: 100, y: 0, size: 600 });
  expect(squareOf(600, 800, { zoom: 2, across: -1, down: 1 })).toEqual({ x: 0, y: 500, size: 300 });
  expect(squareOf(100, 100, { zoom: 99, across: 5, down: -5 })).toEqual({ x: 75, y: 0, size: 25 });
  // Dragged by one side to the right the square goes to the left edge; where there is no room it stays.
  expect(moved(1200, 600, whole, { across: 1, down: 1 })).toEqual({ zoom: 1, across: -1, down: 0 });
});

test('people have a face, a link and their roles; who may not sign in stands out', () => {
  const rows = [person({ avatar: '/api/v1/avatars/a' }), person({ id: 'q', username: 'x', first_name: '<b>', last_name: '', is_active: false })];
  const body = shown(PeopleRows, { rows, slice: { from: 0, to: 2 }, rowHeight: 68, chosen: new Set(['q']), choices });
  for (const text of ['href="/users/p"', 'src="/api/v1/avatars/a"', 'Irene Atuhaire', 'Finance officer', 'FINANCE', 'Closed', '&lt;b>']) expect(body).toContain(text);
  expect(body.match(/data-row="/g)?.length).toBe(2);
  expect(body).not.toContain('Active');
});

const listed = (state__in: string, page_size: number) => ['/invitations', 'list', { expand: 'invited_by,department,account', ordering: '-created_at', state__in, page_size }];
const page = (results: unknown[]) => ({ count: results.length, next: null, previous: null, results });
const invitation = { id: 'i', email: 'opio@studio.example', first_name: '', last_name: '', job_title: '', roles: ['staff'], department: null, state: 'pending', expires_at: '2120-01-01T00:00:00Z', sent_at: null, invited_by: null, account: null };

test('who waits for an answer can be asked again; who ran out has no invitation to take back', () => {
  const body = shown(Invitations, {}, [[listed('pending,expired', 100), page([invitation, { ...invitation, id: 'j', email: 'late@studio.example', expires_at: '2020-01-01T00:00:00Z', state: 'expired' }])]]);
  for (const text of ['opio@studio.example', 'Send again: opio@studio.example', 'Take back: opio@studio.example', 'Send again: late@studio.example', 'Ran out']) expect(body).toContain(text);
  expect(body).not.toContain('Take back: late@studio.example');
});

test('nobody invited yet offers to invite; who may not is offered nothing', () => {
  const empty: [unknown[], unknown] = [listed('pending,expired', 100), page([])];
  expect(shown(Invitations, {}, [empty])).toContain('a mail with a link makes their account');
  const reading = readMeta({ models: [{ name: 'users.invitation', path: '/invitations', allow: ['list', 'read'] }] });
  const body = shown(Invitations, {}, [empty, [['/meta'], reading]]);
  expect(body).toContain('Nobody is asked to join');
  expect(body).not.toContain('a mail with a link makes their account');
});

const access = (one: Person) => shown(Access, { entry: meta.models[0], model: users, row: one, etag: '"1"' });

test('who manages people gives and takes roles, and closes and opens accounts', () => {
  const body = access(person());
  for (const text of ['type="checkbox"', 'Close the account', 'What Irene Atuhaire may do', '/permissions/why?user=p']) expect(body).toContain(text);
  const closed = access(person({ is_active: false, deactivation_reason: 'Moved to Nairobi' }));
  for (const text of ['Open it again', 'Erase their data', 'Moved to Nairobi']) expect(closed).toContain(text);
  expect(closed).not.toContain('Close the account');
});

test('nobody changes their own roles, and who does not manage people changes nobody’s', () => {
  const own = access(person({ id: 'me' }));
  expect(own).toContain('Nobody changes their own roles');
  signIn('users.view_all');
  const other = access(person({ can: [] }));
  for (const body of [own, other]) for (const text of ['type="checkbox"', 'Close the account']) expect(body).not.toContain(text);
});

test('the matrix is a table with a head for each role and each kind of rows', () => {
  const body = shown(Permissions, {});
  expect(body.match(/<th scope="col"/g)?.length).toBe(4);
  expect(body.match(/<th scope="row"/g)?.length).toBe(2);
  for (const text of ['ADMIN', 'Projects', 'Import', 'sees some, makes new ones and changes some', '/permissions?role=staff']) expect(body).toContain(text);
  const fields = shown(Permissions, { part: 'fields' });
  expect(fields).toContain('Budget: read');
});

test('one role reads as a list of sentences, and alone on a narrow screen', () => {
  place.search = '?role=client';
  const body = shown(Permissions, {});
  for (const text of ['CLIENT', 'sees some', '/users?roles__any=client']) expect(body).toContain(text);
  place.search = '';
  vi.stubGlobal('matchMedia', () => ({ matches: true }));
  expect(shown(Permissions, {})).toContain('/users?roles__any=staff');
});

test('who is no one of the studio’s people is led to the question about themselves', () => {
  signIn();
  const body = shown(Permissions, {});
  expect(body).toContain('Only the studio’s people see this');
  expect(body).not.toContain('<table');
});

function answer(more: Record<string, unknown>, question = { user: '', model: 'projects.project', verb: 'change', id: '' }): string {
  const explanation = { allowed: false, decided_by: 'permission', sentence: 'The roles may not.', roles: ['staff'], scope: 'none', permissions: ['projects.view_money'], unreadable: ['budget'], unwritable: ['id', 'budget', 'progress'], ...more };
  return shown(Answer, { question, who: '', row: '' }, [[['/permissions/explain', 'answer', { model: question.model, verb: question.verb, user: null, id: null }], explanation]]);
}

test('the answer to why says yes or no, what decides, and what it hangs on', () => {
  const no = answer({});
  for (const text of ['>No<', 'You may not', 'The roles may not.', 'See budgets', 'budget']) expect(no).toContain(text);
  expect(no).not.toContain('progress');
  const yes = answer({ allowed: true, decided_by: 'row' });
  for (const text of ['>Yes<', 'progress']) expect(yes).toContain(text);
  expect(answer({ allowed: true, decided_by: 'scope', scope: 'some' })).toContain('Some of them');
});
