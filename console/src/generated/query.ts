/** What a list shows, as its address says it: filters, search, order and columns; and the requests that answer it. */
import type { Query } from '../core/api';
import type { FieldMeta, ModelMeta } from '../core/meta';

export interface ListState {
  search: string;
  /** `-due_on`; empty for the model's own. */
  ordering: string;
  /** Empty for those of the model. */
  columns: string[];
  /** What lies in the trash instead of what is there. */
  trash: boolean;
  /** As the API takes them: `status__in` → `active,review`. */
  filters: Record<string, string>;
  /** How the rows are shown; absent where they are a list. */
  view?: RowsView;
  /** The month of a calendar, `2026-12`, or the column of a board that a narrow screen shows. */
  at?: string;
}

export type RowsView = 'board' | 'calendar';

/** Names of an address that are no filters. */
const reserved = new Set(['search', 'ordering', 'columns', 'deleted', 'view', 'at', 'new', 'import', 'fields', 'expand', 'format', 'can', 'count', 'page', 'page_size', 'cursor']);

export const pageSize = 100;

/** Whether the model's list takes a filter of that name; `owner__…` stands for what is one reference further. */
export function isFilter(model: ModelMeta, name: string): boolean {
  if (reserved.has(name)) return false;
  return name === 'or' || name === 'not' || model.filters.some((each) => each === name || (each.endsWith('…') && name.startsWith(each.slice(0, -1))));
}

/** What the address of a list says; what the model doesn't have is passed over, so that old links still work. */
export function readState(params: URLSearchParams, model: ModelMeta): ListState {
  const known = new Set(model.fields.map((field) => field.name));
  const ordering = params.get('ordering') ?? '';
  const filters: Record<string, string> = {};
  for (const [name, value] of params) if (value !== '' && isFilter(model, name)) filters[name] = value;
  const trash = params.get('deleted') === 'true';
  const view = trash ? undefined : viewsOf(model).find((each) => each === params.get('view'));
  const at = view && params.get('at');
  return {
    search: params.get('search') ?? '',
    ordering: known.has(ordering.replace(/^-/, '')) ? ordering : '',
    columns: (params.get('columns') ?? '').split(',').filter((name) => known.has(name)),
    trash,
    filters,
    ...(view ? { view } : {}),
    ...(at ? { at } : {}),
  };
}

/** The ways beside the list in which the rows of a model can be shown. */
export function viewsOf(model: ModelMeta): RowsView[] {
  const has = (name: string | undefined) => model.fields.some((field) => field.name === name);
  return [...(has(model.board) ? ['board' as const] : []), ...(has(model.calendar) ? ['calendar' as const] : [])];
}

/** The same rows shown in another way; undefined is the list. */
export function withView(state: ListState, view?: RowsView): ListState {
  const { view: _, at: __, ...rest } = state;
  return view ? { ...rest, view } : rest;
}

/** The address's query of a state, without the question mark. */
export function writeState(state: ListState): string {
  const params = new URLSearchParams();
  if (state.search) params.set('search', state.search);
  for (const [name, value] of Object.entries(state.filters)) params.set(name, value);
  if (state.ordering) params.set('ordering', state.ordering);
  if (state.columns.length) params.set('columns', state.columns.join(','));
  if (state.trash) params.set('deleted', 'true');
  if (state.view) params.set('view', state.view);
  if (state.view && state.at) params.set('at', state.at);
  return params.toString();
}

/** Whether anything narrows the list down. */
export function isNarrowed(state: ListState): boolean {
  return state.search !== '' || Object.keys(state.filters).length > 0;
}

/** Which rows, in which order: what a list, an export and a change of many rows have in common. */
export function rowsQuery(state: ListState): Query {
  return {
    ...(state.search ? { search: state.search } : {}),
    ...state.filters,
    ...(state.ordering ? { ordering: state.ordering } : {}),
    ...(state.trash ? { deleted: true } : {}),
  };
}

export function columnsOf(state: ListState, model: ModelMeta): string[] {
  if (state.columns.length) return state.columns;
  return model.list.length ? model.list : [model.title || 'id'];
}

const isReference = (field: FieldMeta) => field.type === 'reference' || field.type === 'list of references';

/** References whose short form the API embeds. */
export function expandable(model: ModelMeta, names?: Iterable<string>): string {
  const wanted = names && new Set(names);
  return model.fields.filter((field) => isReference(field) && (!wanted || wanted.has(field.name))).map((field) => field.name).join(',');
}

/** A list's request: no field that the screen doesn't show or need, since rows may have long texts. */
export function listRequest(state: ListState, model: ModelMeta): Query {
  const known = new Set(model.fields.map((field) => field.name));
  const needed = [
    'id', 'version', 'is_overdue', model.title, ...columnsOf(state, model), ...placesIn(model.row_label),
    ...model.actions.flatMap((action) => Object.keys(action.when ?? {}).map(fieldOf)),
  ];
  const fields = [...new Set(needed)].filter((name) => known.has(name));
  const expand = expandable(model, fields);
  return { ...rowsQuery(state), fields: fields.join(','), ...(expand ? { expand } : {}), can: true, page_size: pageSize };
}

/** All rows of the view as a file, with its columns in their order. */
export function exportQuery(state: ListState, model: ModelMeta, format: 'csv' | 'xlsx'): Query {
  return { ...rowsQuery(state), fields: columnsOf(state, model).join(','), format };
}

/** The view as the filter of `POST …/bulk` takes it. */
export function bulkFilter(state: ListState): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(rowsQuery(state))) if (name !== 'ordering') params.set(name, String(value));
  return params.toString();
}

/** Up, down, and back to the model's own order. */
export function nextOrdering(ordering: string, field: string): string {
  if (ordering === field) return `-${field}`;
  return ordering === `-${field}` ? '' : field;
}

/** The fields of a pattern such as `{code} {name}`. */
export function placesIn(pattern: string): string[] {
  return [...pattern.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
}

/** The field of a filter: `completed_at` of `completed_at__isnull`. */
export function fieldOf(filter: string): string {
  return filter.split('__')[0]!;
}

// --- filters of a field -------------------------------------------------------------------------------------------------

export type FilterKind = 'choices' | 'rows' | 'boolean' | 'days' | 'numbers' | 'words' | 'text';

/** How people filter by the field; null where lists don't take it. */
export function filterKind(field: FieldMeta): FilterKind | null {
  const ways = field.filter ?? [];
  if (!ways.length || field.type === 'id' || field.type === 'row' || field.type === 'money') return null;
  if (field.choices?.length) return 'choices';
  if (isReference(field)) return 'rows';
  if (field.type === 'boolean') return 'boolean';
  if (field.type === 'tags') return 'words';
  if (ways.includes('range')) return field.type === 'date' || field.type === 'timestamp' ? 'days' : 'numbers';
  return 'text';
}

/** The name under which several values of a field are asked for; sets have any of them. */
export function anyOf(field: FieldMeta): string {
  return `${field.name}__${/^(set of choices|list of references|tags)$/.test(field.type) ? 'any' : 'in'}`;
}

/** The filters of the state that are about a field. */
export function filtersOf(state: ListState, field: FieldMeta): string[] {
  return Object.keys(state.filters).filter((name) => fieldOf(name) === field.name);
}

/** The values that are asked for, whether one or several. */
export function valuesOf(state: ListState, field: FieldMeta): string[] {
  const text = state.filters[anyOf(field)] ?? state.filters[field.name] ?? '';
  return text.split(',').filter(Boolean);
}

/** The same state with other filters of a field; those that it had are gone. */
export function withFilters(state: ListState, field: FieldMeta, filters: Record<string, string>): ListState {
  const others = Object.entries(state.filters).filter(([name]) => fieldOf(name) !== field.name);
  const given = Object.entries(filters).filter(([, value]) => value !== '');
  return { ...state, filters: Object.fromEntries([...others, ...given]) };
}

// --- what a row must be for something to be offered ---------------------------------------------------------------------

/** Whether a row meets such filters as `{completed_at__isnull: 'true'}`; what the row doesn't tell is no reason against it. */
export function meets(row: Record<string, unknown>, filters: Record<string, string> = {}): boolean {
  return Object.entries(filters).every(([filter, wanted]) => {
    const [name, operator = ''] = filter.split('__') as [string, string?];
    if (!(name in row)) return true;
    const given = row[name];
    const value = given !== null && typeof given === 'object' && 'id' in given ? given.id : given;
    if (operator === 'isnull') return (value === null || value === undefined) === (wanted === 'true');
    if (operator === 'in') return wanted.split(',').includes(String(value));
    if (operator === 'any') return Array.isArray(value) && value.some((each) => wanted.split(',').includes(String(each)));
    return operator ? true : String(value) === wanted;
  });
}

// --- views that were kept -------------------------------------------------------------------------------------------------

/** What a saved view says of a list; `filters` may have several values as a list. */
export interface SavedQuery {
  filters?: Record<string, unknown>;
  ordering?: string;
  search?: string;
  columns?: string[];
  [other: string]: unknown;
}

/** The state of a list as a saved view keeps it. */
export function savedQuery(state: ListState): SavedQuery {
  return {
    filters: state.filters,
    ...(state.ordering ? { ordering: state.ordering } : {}),
    ...(state.search ? { search: state.search } : {}),
    ...(state.columns.length ? { columns: state.columns } : {}),
  };
}

/** A saved view as the state of its list. */
export function stateOfSaved(query: SavedQuery, model: ModelMeta): ListState {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query.filters ?? {})) params.set(name, [value].flat().map(String).join(','));
  for (const name of ['ordering', 'search'] as const) if (query[name]) params.set(name, query[name]);
  if (query.columns?.length) params.set('columns', query.columns.join(','));
  return readState(params, model);
}
