/** What rows are called, and finding them by that. */
import { call } from '../core/api';
import { entryOf, knownMeta, modelQuery, rowLabel, type ModelMeta, type Row } from '../core/meta';
import { client, type Page } from '../core/queries';
import type { Option } from '../ui/Pick.svelte';

type Named = Pick<ModelMeta, 'row_label' | 'title'>;

/** A person by their names, another row by the model's pattern, an embedded one by what it has. */
export function nameOfRow(row: Row | Record<string, unknown> | null | undefined, model?: Named): string {
  if (!row) return '';
  const person = [row['first_name'], row['last_name']].filter(Boolean).join(' ');
  if (person) return person;
  if (model) {
    const flat = Object.fromEntries(Object.entries(row).map(([name, value]) => [name, isRow(value) ? nameOfRow(value) : value]));
    return rowLabel(flat as Row, model.row_label, model.title);
  }
  for (const name of ['name', 'title', 'label', 'username', 'email', 'code', 'body']) if (row[name]) return String(row[name]);
  return String(row['id'] ?? '');
}

export function isRow(value: unknown): value is Row {
  return value !== null && typeof value === 'object' && typeof (value as Row).id === 'string';
}

/** A person gets a face. */
export function isPerson(value: unknown): boolean {
  return isRow(value) && ('first_name' in value || 'username' in value);
}

/** What the embedded rows of a row are called, by their ids. */
export function namesIn(row: Record<string, unknown>): Record<string, string> {
  const names: Record<string, string> = {};
  for (const value of Object.values(row)) for (const one of [value].flat()) if (isRow(one)) names[one.id] = nameOfRow(one);
  return names;
}

/** Where a row of a model is shown; empty where this person has no such screen. */
export function addressOf(model: string | undefined, id: string): string {
  const entry = model ? entryOf(knownMeta(), model) : undefined;
  return entry?.allow.includes('read') ? `${entry.path}/${id}` : '';
}

/** The rows of a model that fit what somebody types. */
export async function findRows(model: string, text: string, signal?: AbortSignal): Promise<Option[]> {
  const entry = entryOf(knownMeta(), model);
  if (!entry?.allow.includes('list')) return [];
  const meta = await client.fetchQuery(modelQuery(model));
  const page = await call<Page>('GET', entry.path, {
    query: { ...(text && entry.search ? { search: text } : {}), page_size: 20, count: 'none' },
    ...(signal ? { signal } : {}),
  });
  return page.results.map((row) => {
    const label = nameOfRow(row, meta);
    const detail = String(row['job_title'] ?? row['code'] ?? '');
    return { value: row.id, label, ...(detail && !label.includes(detail) ? { detail } : {}) };
  });
}

/** What rows of a model are called, by their ids; those that this person doesn't see are missing. */
export async function namesByIds(model: string, ids: string[], signal?: AbortSignal): Promise<Record<string, string>> {
  const entry = entryOf(knownMeta(), model);
  if (!entry?.allow.includes('list') || !ids.length) return {};
  const meta = await client.fetchQuery(modelQuery(model));
  const page = await call<Page>('GET', entry.path, { query: { id__in: ids.join(','), count: 'none', page_size: 200 }, ...(signal ? { signal } : {}) });
  return Object.fromEntries(page.results.map((row) => [row.id, nameOfRow(row, meta)]));
}

/** What a row is called of which only the id is known. */
export async function nameById(model: string, id: string): Promise<string> {
  const entry = entryOf(knownMeta(), model);
  if (!entry?.allow.includes('read')) return id;
  const [meta, row] = await Promise.all([client.fetchQuery(modelQuery(model)), call<Row>('GET', `${entry.path}/${id}`)]);
  return nameOfRow(row, meta);
}
