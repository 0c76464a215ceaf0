/** What there is for this person: the one place that reads `/meta`. */
import { call } from './api';
import { client } from './queries';

export type Allow =
  | 'list' | 'summary' | 'read' | 'create' | 'change' | 'delete' | 'restore' | 'history' | 'uses' | 'bulk' | 'import' | 'export';

export type Tone = 'quiet' | 'info' | 'good' | 'warn' | 'bad' | 'accent';

export interface ModelEntry {
  /** `projects.project` */
  name: string;
  /** `/projects` */
  path: string;
  label: string;
  plural: string;
  group: string;
  icon: string;
  app: string;
  /** The field that a row is called by. */
  title: string;
  allow: Allow[];
  search: boolean;
  trash: boolean;
  /** Whether it has a place of its own in the navigation; what only hangs on other rows has none. */
  placed: boolean;
}

export interface Brand {
  name: string;
  colour: string;
  logo: string;
  currency: string;
  time_zone: string;
  /** ISO 3166, such as UG: how dates and numbers are written. */
  region: string;
}

/** A part of the navigation; `name` is what models say in `group`. */
export interface MetaGroup {
  name: string;
  label: string;
}

/** What a spreadsheet of rows may have. */
export interface SheetMeta {
  fields: FieldMeta[];
  most_rows: number;
  /** The model of the row that stays of each spreadsheet, by which it is taken back. */
  batch?: string;
}

export interface Meta {
  brand: Brand;
  /** Of the labels. */
  language: string;
  models: ModelEntry[];
  /** In the order of the navigation. */
  groups: MetaGroup[];
  /** The most bytes of a file, by the paths that take one: `{'/attachments/file': 26214400}`. */
  limits: Record<string, number>;
}

export interface Choice {
  value: string;
  label: string;
  tone?: Tone;
}

export interface FieldMeta {
  name: string;
  label: string;
  type: string;
  nullable?: boolean;
  required?: boolean;
  max_length?: number;
  minimum?: string;
  maximum?: string;
  digits?: number;
  choices?: Choice[];
  /** From each value the ones that may follow. */
  steps?: Record<string, string[]>;
  /** The model that a reference leads to. */
  to?: string;
  /** `never`, or `create` only; absent where it may always be written. */
  write?: 'never' | 'create';
  sort?: boolean;
  /** How lists are filtered by it; absent where they aren't. */
  filter?: ('equal' | 'any' | 'range' | 'contains')[];
  help?: string;
  default?: unknown;
  fields?: FieldMeta[];
  items?: FieldMeta;
}

export interface ActionMeta {
  name: string;
  label: string;
  help?: string;
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  input?: FieldMeta[];
  /** What to ask before. */
  confirm?: string;
  /** May be done to many rows at once. */
  bulk?: boolean;
  /** Filters that rows meet to which it may be done: `{completed_at__isnull: 'true'}`. */
  when?: Record<string, string>;
}

export interface ModelMeta {
  name: string;
  path: string;
  label: string;
  plural: string;
  doc: string;
  /** The field that a row is called by, where it has no `row_label`. */
  title: string;
  order: string;
  row_label: string;
  label_search: string[];
  carries: boolean;
  list: string[];
  /** Parts of a form; other fields stand behind them. */
  sections: { name: string; label: string; fields: string[] }[];
  /** Filters that stand beside the search. */
  first_filters: string[];
  /** The field whose values are the columns of a board, and the one that rows lie in a calendar by. */
  board?: string;
  calendar?: string;
  fields: FieldMeta[];
  filters: string[];
  unless_asked: Record<string, string>;
  groups: string[];
  sums: string[];
  related: { model: string; field: string }[];
  actions: ActionMeta[];
  /** Where rows can be sent in a spreadsheet. */
  import?: SheetMeta;
}

export function readMeta(raw: unknown): Meta {
  const { brand = {}, models = [], groups, language, limits = {} } = (raw ?? {}) as {
    brand?: Partial<Brand>;
    models?: Partial<ModelEntry>[];
    groups?: MetaGroup[];
    language?: string;
    limits?: Record<string, number>;
  };
  const entries = models.map(readEntry);
  const currency = brand.currency ?? 'UGX';
  return {
    brand: {
      name: brand.name ?? 'Tamiti Studio',
      colour: brand.colour ?? '#1f6f5c',
      logo: brand.logo ?? '',
      currency,
      time_zone: brand.time_zone ?? 'Africa/Kampala',
      // Currencies begin with the country that issues them; the euro's and others' begin with none.
      region: brand.region ?? (/^(E|X)/.test(currency) ? 'UG' : currency.slice(0, 2)),
    },
    language: language ?? 'en',
    models: entries,
    groups: groups ?? [...new Set(entries.map((entry) => entry.group))].filter(Boolean).map((name) => ({ name, label: name })),
    limits,
  };
}

function readEntry(raw: Partial<ModelEntry>): ModelEntry {
  const name = raw.name ?? '';
  return {
    name,
    path: raw.path ?? '',
    label: raw.label ?? name,
    plural: raw.plural ?? raw.label ?? name,
    group: raw.group ?? '',
    icon: raw.icon ?? 'box',
    app: raw.app ?? name.split('.')[0] ?? '',
    title: raw.title ?? 'id',
    allow: raw.allow ?? [],
    search: raw.search ?? false,
    trash: raw.trash ?? false,
    placed: (raw.placed ?? true) && (raw.allow ?? []).includes('list'),
  };
}

export function readModel(raw: unknown): ModelMeta {
  const model = (raw ?? {}) as Partial<ModelMeta>;
  return {
    name: model.name ?? '',
    path: model.path ?? '',
    label: model.label ?? '',
    plural: model.plural ?? '',
    title: model.title ?? '',
    doc: model.doc ?? '',
    order: model.order ?? '',
    row_label: model.row_label ?? '',
    label_search: model.label_search ?? [],
    carries: model.carries ?? false,
    list: model.list ?? [],
    sections: model.sections ?? [],
    first_filters: model.first_filters ?? [],
    ...(model.board ? { board: model.board } : {}),
    ...(model.calendar ? { calendar: model.calendar } : {}),
    fields: model.fields ?? [],
    filters: model.filters ?? [],
    unless_asked: model.unless_asked ?? {},
    groups: model.groups ?? [],
    sums: model.sums ?? [],
    related: model.related ?? [],
    actions: model.actions ?? [],
    ...(model.import ? { import: model.import } : {}),
  };
}

const day = 24 * 60 * 60 * 1000;

/** Options of `createQuery` for `/meta`. */
export function metaQuery() {
  return {
    queryKey: ['/meta'],
    queryFn: async ({ signal }: { signal: AbortSignal }) => readMeta(await call('GET', '/meta', { signal })),
    staleTime: 5 * 60 * 1000,
    gcTime: 14 * day,
  };
}

/** Options of `createQuery` for one model, by its name. */
export function modelQuery(name: string) {
  return {
    queryKey: ['/meta', name],
    queryFn: async ({ signal }: { signal: AbortSignal }) =>
      readModel(await call('GET', `/meta/${encodeURIComponent(name)}`, { signal })),
    staleTime: 5 * 60 * 1000,
    gcTime: 14 * day,
  };
}

/** What is known already, without asking. */
export function knownMeta(): Meta | undefined {
  return client.getQueryData<Meta>(['/meta']);
}

export function entryOf(meta: Meta | undefined, name: string): ModelEntry | undefined {
  return meta?.models.find((model) => model.name === name);
}
/** The model that lives at `/projects`. */
export function entryAt(meta: Meta | undefined, path: string): ModelEntry | undefined {
  return meta?.models.find((model) => model.path === path);
}
export function may(meta: Meta | undefined, name: string, verb: Allow): boolean {
  return entryOf(meta, name)?.allow.includes(verb) ?? false;
}

export interface Row {
  id: string;
  version?: number;
  can?: string[];
  [field: string]: unknown;
}

/** What a row is called: `row_label` with the fields put in, else the title, else its id. */
export function rowLabel(row: Row, pattern: string, title = ''): string {
  const text = pattern
    .replace(/\{(\w+)\}/g, (_, field: string) => String(row[field] ?? ''))
    .replace(/\s+/g, ' ')
    .trim();
  return text || String(row[title] ?? '') || row.id;
}
