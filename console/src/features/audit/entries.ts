/** Entries of the audit trail: what is asked of it, as its address says it, and what each of them tells. */
import type { FieldMeta, ModelMeta } from '../../core/meta';
import type { QueryOf, Schemas } from '../../core/requests';

export type Entry = Schemas['AuditTrail']['results'][number];

/** What the trail is narrowed by; all but the day of the end are sent as they stand. */
export const filterNames = ['actor', 'model', 'verb', 'since', 'until', 'row', 'request', 'field'] as const;
export type FilterName = (typeof filterNames)[number];
export type AuditFilters = Partial<Record<FilterName, string>>;

export function filtersIn(query: URLSearchParams): AuditFilters {
  const found: AuditFilters = {};
  for (const name of filterNames) {
    const value = query.get(name);
    if (value) found[name] = value;
  }
  // A field is that of a model.
  if (!found.model) delete found.field;
  return found;
}

export function auditQuery(filters: AuditFilters): QueryOf<'GET /audit'> {
  return { ...filters } as QueryOf<'GET /audit'>;
}

/** A name of the studio's own as words, where nothing tells a better one: `auth.refresh_token` is "Refresh token". */
export function wordsOf(name: string): string {
  const words = (name.split('.').at(-1) ?? name).replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The type of a value that no model tells of. */
function typeOf(value: unknown): string {
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(value)) return 'timestamp';
  return value !== null && typeof value === 'object' ? 'JSON' : 'text';
}

export interface Change {
  field: FieldMeta;
  before: unknown;
  after: unknown;
}

/** The changes of an entry with the fields that they are of; those that the model doesn't tell are texts by their names. */
export function changesOf(entry: Entry, model: ModelMeta | undefined): Change[] {
  return Object.entries(entry.changes).map(([name, [before, after]]) => {
    const field = model?.fields.find((each) => each.name === name) ?? { name, label: wordsOf(name), type: typeOf(after ?? before) };
    return { field, before, after };
  });
}

/** What the trail calls a kind of entry. A row that goes to the trash is changed, and comes back so, too. */
export type Deed = 'made' | 'changed' | 'removed' | 'trashed' | 'restored' | 'read';

export function deedOf(entry: Pick<Entry, 'verb' | 'changes'>): Deed {
  const trashed = entry.verb === 'update' ? entry.changes['deleted_at'] : undefined;
  if (trashed) return trashed[1] === null ? 'restored' : 'trashed';
  return ({ insert: 'made', delete: 'removed', read: 'read' } as Record<string, Deed>)[entry.verb] ?? 'changed';
}
