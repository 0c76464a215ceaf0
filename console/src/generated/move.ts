/** Moving a row to another value of its state, as a board and a record's head do: at once, back where the studio refuses, and undone by Z. */
import { messages } from '../core/i18n.svelte';
import type { FieldMeta, ModelEntry, Row } from '../core/meta';
import { rewrite, submitAndSay } from '../core/outbox';
import { call } from '../core/api';

const t = messages('move', { moved: '{name}: {state}' });

/** The values that a row may go to from where it is; all others where the field has no steps. */
export function stepsFrom(field: FieldMeta, value: unknown): string[] {
  const all = (field.choices ?? []).map((choice) => choice.value).filter((each) => each !== value);
  const steps = field.steps?.[String(value)];
  return steps ? all.filter((each) => steps.includes(each)) : all;
}

/** Whether rows are moved by writing the field; where they are not, verbs move them. */
export function isWritten(field: FieldMeta): boolean {
  return field.write === undefined;
}

/** The same answer with one row changed, whether it is a page, pages or the row itself. */
export function withRow(data: unknown, id: string, change: (row: Row) => Row): unknown {
  const answer = data as { row?: Row; results?: Row[]; pages?: { results?: Row[] }[] } | undefined;
  if (!answer || typeof answer !== 'object') return data;
  const changed = (rows: Row[]) => rows.map((row) => (row.id === id ? change(row) : row));
  if (answer.row?.id === id) return { ...answer, row: change(answer.row) };
  if (Array.isArray(answer.results)) return { ...answer, results: changed(answer.results) };
  if (Array.isArray(answer.pages)) return { ...answer, pages: answer.pages.map((page) => (page.results ? { ...page, results: changed(page.results) } : page)) };
  return data;
}

/** Sends the move; null where it was refused, which a toast has said. A tag that is out of date is refused, too. */
export function moveRow(entry: ModelEntry, field: FieldMeta, row: Row, value: string, name: string, etag = ''): Promise<unknown> {
  const before = row[field.name];
  const path = `${entry.path}/${row.id}`;
  const state = field.choices?.find((choice) => choice.value === value)?.label ?? value;
  const mayReturn = stepsFrom(field, value).includes(String(before));
  return submitAndSay({
    method: 'PATCH',
    path,
    body: { [field.name]: value },
    ...(etag ? { ifMatch: etag } : {}),
    refresh: [entry.path],
    done: t.moved({ name, state }),
    optimistic: () => rewrite(entry.path, (data) => withRow(data, row.id, (one) => ({ ...one, [field.name]: value }))),
    ...(mayReturn ? { undo: () => call('PATCH', path, { body: { [field.name]: before } }) } : {}),
  });
}
