/** Milestones as the homes show them, and what one does to them there. */
import { call } from '../../core/api';
import { daysUntil } from '../../core/format.svelte';
import type { Row } from '../../core/meta';
import { submitAndSay, rewrite } from '../../core/outbox';
import type { Page } from '../../core/queries';

export interface Milestone extends Row {
  name: string;
  project: { id: string; code: string; name: string; status: string } | null;
  due_on: string | null;
  completed_at: string | null;
  signed_off_at: string | null;
}

/** States of projects in which something is still to be done, as a filter takes them. */
export const openStates = 'planning,active,on_hold,review';

export interface Bands {
  late: Milestone[];
  today: Milestone[];
  next: Milestone[];
}

/** By day: what is late, due today and next; what has no day comes last. */
export function bandsOf(rows: Milestone[]): Bands {
  const bands: Bands = { late: [], today: [], next: [] };
  for (const row of rows) {
    const days = row.due_on ? daysUntil(row.due_on) : Infinity;
    bands[days < 0 ? 'late' : days === 0 ? 'today' : 'next'].push(row);
  }
  return bands;
}

export interface Share {
  done: number;
  all: number;
  percent: number;
  /** What comes next; empty where all is done. */
  next: string;
}

/** How far each project is, by the milestones that somebody sees of it; `rows` in the order of their days. */
export function sharesOf(rows: Milestone[]): Map<string, Share> {
  const shares = new Map<string, Share>();
  for (const row of rows) {
    if (!row.project) continue;
    const share = shares.get(row.project.id) ?? { done: 0, all: 0, percent: 0, next: '' };
    share.all++;
    if (row.completed_at) share.done++;
    else share.next ||= row.name;
    share.percent = Math.floor((100 * share.done) / share.all);
    shares.set(row.project.id, share);
  }
  return shares;
}

/** Marks a milestone as done: it goes from the list at once, and Undo opens it again. */
export function complete(row: Milestone, said: string): Promise<unknown> {
  return submitAndSay({
    method: 'POST',
    path: `/milestones/${row.id}/complete`,
    done: said,
    refresh: ['/milestones', '/projects'],
    optimistic: () =>
      rewrite('/milestones', (data) => {
        const page = data as Partial<Page<Milestone>>;
        if (!page.results?.some((each) => each.id === row.id)) return data;
        const count = typeof page.count === 'number' ? page.count - 1 : page.count;
        return { ...page, count, results: page.results.filter((each) => each.id !== row.id) };
      }),
    undo: () => call('POST', `/milestones/${row.id}/reopen`),
  });
}
