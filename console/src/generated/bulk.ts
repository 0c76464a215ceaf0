/** One change of many rows: counted first without keeping anything, then done to exactly those rows. */
import { call } from '../core/api';
import type { ActionMeta, Row } from '../core/meta';
import { isOffered } from './verbs';

export type BulkOp = 'change' | 'remove' | 'restore';

export interface BulkAnswer {
  dry_run: boolean;
  succeeded: number;
  failed: number;
  results: { status: number; id?: string; problem?: { detail?: string } }[];
}

export interface BulkBody {
  atomic: false;
  dry_run?: true;
  operations: { op: BulkOp; id: string; data?: Record<string, unknown> }[];
}

/** The most that the studio takes at once. */
export const most = 500;

export function bulkBody(op: BulkOp, ids: string[], data?: Record<string, unknown>, isTrial = false): BulkBody {
  return { atomic: false, ...(isTrial ? { dry_run: true as const } : {}), operations: ids.map((id) => ({ op, id, ...(data ? { data } : {}) })) };
}

/** So many go in one request: few enough that the progress tells something. */
const step = 100;

/** The same work for some of the rows after the others; `progress` hears how many are done. */
export async function inSteps<T>(ids: string[], work: (some: string[]) => Promise<T>, progress: (done: number) => void): Promise<T[]> {
  const answers: T[] = [];
  for (let done = 0; done < ids.length; done += step) {
    progress(done);
    answers.push(await work(ids.slice(done, done + step)));
  }
  return answers;
}

/** What would become of it. */
export async function tryBulk(path: string, op: BulkOp, ids: string[], data?: Record<string, unknown>): Promise<BulkAnswer> {
  return await call<BulkAnswer>('POST', `${path}/bulk`, { body: bulkBody(op, ids, data, true) });
}

/** The rows to which a verb may be done, as far as they tell. */
export function rowsFor(action: ActionMeta, rows: Row[]): Row[] {
  return rows.filter((row) => isOffered(action, row));
}
