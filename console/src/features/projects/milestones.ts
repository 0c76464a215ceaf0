/** How milestones stand, what is asked of them, and what one does to them. */
import { call } from '../../core/api';
import { messages } from '../../core/i18n.svelte';
import type { Row } from '../../core/meta';
import { rewrite, submit, submitAndSay } from '../../core/outbox';
import { listQuery } from '../../core/queries';
import { withRow } from '../../generated/move';

export interface Milestone extends Row {
  name: string;
  acceptance: string;
  due_on: string | null;
  owner: Row | null;
  position: number;
  shared_with_client: boolean;
  completed_at: string | null;
  completed_by: Row | null;
  signed_off_at: string | null;
  signed_off_by: Row | null;
  is_overdue: boolean;
}

export type Stand = 'open' | 'late' | 'done' | 'waiting' | 'accepted';

const t = messages('milestoneVerbs', {
  done: '“{name}” is done', open: '“{name}” is open again', accepted: '“{name}” is accepted', shared: 'The client sees “{name}”', hidden: 'The client doesn’t see “{name}” any more', asked: 'The studio knows what is missing', moved: '“{name}” is moved',
});
const paths = ['/milestones', '/projects'];

export function milestonesOf(project: string) {
  return listQuery<Milestone>('/milestones', { project, ordering: 'position', expand: 'owner,completed_by,signed_off_by', can: true, page_size: 200 });
}

/** Where a milestone stands between open and accepted; what a client sees and is done waits for them. */
export function standOf(row: Milestone): Stand {
  if (row.signed_off_at) return 'accepted';
  if (row.completed_at) return row.shared_with_client ? 'waiting' : 'done';
  return row.is_overdue ? 'late' : 'open';
}

/** Whole percent that are done, rounded down as the studio does; null of none. */
export function progressOf(rows: Pick<Milestone, 'completed_at'>[]): number | null {
  return rows.length ? Math.floor((100 * rows.filter((row) => row.completed_at).length) / rows.length) : null;
}

/** The place to ask for so that a row stands one earlier or later: what stands there goes one further. Null at the ends. */
export function placeFor(rows: Milestone[], row: Milestone, step: -1 | 1): number | null {
  const at = rows.findIndex((each) => each.id === row.id);
  const other = rows[at + step];
  if (at < 0 || !other) return null;
  return step < 0 ? other.position : other.position + 1;
}

const change = (row: Milestone, to: Partial<Milestone>) => () => rewrite('/milestones', (data) => withRow(data, row.id, (one) => ({ ...one, ...to })));
const verb = (row: Milestone, name: string) => `/milestones/${row.id}/${name}`;

export const complete = (row: Milestone) =>
  submitAndSay({
    method: 'POST', path: verb(row, 'complete'), done: t.done({ name: row.name }), refresh: paths, optimistic: change(row, { completed_at: new Date().toISOString() }),
    undo: () => call('POST', verb(row, 'reopen')),
  });

/** What the client accepted is then unaccepted, so there is no way back but theirs. */
export const reopen = (row: Milestone) =>
  submitAndSay({
    method: 'POST', path: verb(row, 'reopen'), done: t.open({ name: row.name }), refresh: paths, optimistic: change(row, { completed_at: null, completed_by: null, signed_off_at: null, signed_off_by: null }),
    ...(row.signed_off_at ? {} : { undo: () => call('POST', verb(row, 'complete')) }),
  });

/** Asks the client for their word, or stops asking. */
export function share(row: Milestone, isShared: boolean): Promise<unknown> {
  const path = `/milestones/${row.id}`;
  return submitAndSay({
    method: 'PATCH', path, body: { shared_with_client: isShared }, done: (isShared ? t.shared : t.hidden)({ name: row.name }), refresh: ['/milestones'], optimistic: change(row, { shared_with_client: isShared }),
    undo: () => call('PATCH', path, { body: { shared_with_client: !isShared } }),
  });
}

export const move = (row: Milestone, position: number) =>
  submitAndSay({ method: 'PATCH', path: `/milestones/${row.id}`, body: { position }, done: t.moved({ name: row.name }), refresh: ['/milestones'] });

export const accept = (row: Milestone) =>
  submitAndSay({ method: 'POST', path: verb(row, 'sign-off'), done: t.accepted({ name: row.name }), refresh: paths });

/** Not yet: what is missing is said where the milestone is talked about. Throws the problem of a refusal. */
export const askForChanges = (row: Milestone, body: string) =>
  submit({ method: 'POST', path: '/comments', body: { on_model: 'projects.milestone', on_row: row.id, body }, done: t.asked, refresh: ['/comments'], draft: `changes.${row.id}` });
