/** From rows to what a form holds, and from there to what is sent; two people's changes beside each other. */
import type { FieldMeta, ModelMeta, Row } from '../core/meta';

export type Values = Record<string, unknown>;

/** The fields that a form has: those that may be set, but for the id, which people don't choose. */
export function formFields(model: ModelMeta, isNew: boolean): FieldMeta[] {
  return model.fields.filter((field) => field.type !== 'id' && (isNew ? field.write !== 'never' : field.write === undefined));
}

export interface FormPart {
  name: string;
  label: string;
  fields: FieldMeta[];
}

/** The parts of a form in the model's order; what stands in none comes last. */
export function partsOf(model: ModelMeta, fields: FieldMeta[]): FormPart[] {
  const left = new Map(fields.map((field) => [field.name, field]));
  const parts = model.sections.map((section) => {
    const own = section.fields.flatMap((name) => left.get(name) ?? []);
    for (const field of own) left.delete(field.name);
    return { name: section.name, label: section.label, fields: own };
  });
  return [...parts, { name: '', label: '', fields: [...left.values()] }].filter((part) => part.fields.length);
}

/** The value without what the API embedded: a row is its id. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  return value !== null && typeof value === 'object' && typeof (value as Row).id === 'string' ? (value as Row).id : value;
}

export function valuesOfRow(fields: FieldMeta[], row: Row): Values {
  return Object.fromEntries(fields.map((field) => [field.name, plain(row[field.name] ?? null)]));
}

/** What a new row begins with: what the address says of it, else the field's default. */
export function firstValues(fields: FieldMeta[], seed: URLSearchParams = new URLSearchParams()): Values {
  return Object.fromEntries(fields.map((field) => [field.name, fromText(field, seed.get(field.name)) ?? defaultOf(field)]));
}

/** What a field begins with. The id of nothing, which the program has where a reference must be given, is none. */
function defaultOf(field: FieldMeta): unknown {
  return field.default === '00000000-0000-0000-0000-000000000000' ? null : (field.default ?? null);
}

function fromText(field: FieldMeta, text: string | null): unknown {
  if (text === null) return undefined;
  if (field.type === 'boolean') return text === 'true';
  if (field.type === 'reference') return /^[0-9a-f-]{36}$/.test(text) ? text : undefined;
  if (field.choices?.length) return field.type === 'choice' && field.choices.some((choice) => choice.value === text) ? text : undefined;
  return field.type === 'text' || field.type === 'date' ? text : undefined;
}

/** The same to whoever reads it: nothing is an empty text, and the order of names in a value says nothing. */
export function isSame(one: unknown, other: unknown): boolean {
  return written(one) === written(other);
}

function written(value: unknown): string {
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && !value.length)) return '';
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`;
  return `{${Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, each]) => `${name}:${written(each)}`).join(',')}}`;
}

/** A value as the API takes it: numbers as numbers where no digit is lost, nothing as null where the field may have none. */
export function sent(field: FieldMeta, value: unknown): unknown {
  const given = typeof value === 'string' ? value.trim() : value;
  if (given === '' || given === null || given === undefined) return field.nullable ? null : emptyOf(field);
  if ((field.type === 'integer' || field.type === 'duration') && typeof given === 'string')
    return /^-?\d+$/.test(given) && Number.isSafeInteger(Number(given)) ? Number(given) : given;
  return given;
}

function emptyOf(field: FieldMeta): unknown {
  if (/^(tags|set of choices|list of references)$/.test(field.type)) return [];
  return /^(text|long text|email|phone|url|time zone|choice)$/.test(field.type) ? '' : null;
}

/** What is sent: of a new row all that has a value, of another one what differs from `before`. */
export function bodyOf(fields: FieldMeta[], values: Values, before: Values | null): Values {
  const body: Values = {};
  for (const field of fields) {
    const value = values[field.name];
    if (before ? isSame(value, before[field.name]) : isSame(value, null)) continue;
    body[field.name] = sent(field, value);
  }
  return body;
}

export function isChanged(fields: FieldMeta[], values: Values, before: Values): boolean {
  return fields.some((field) => !isSame(values[field.name], before[field.name]));
}

export interface Merge {
  /** Mine, with theirs where I had changed nothing. */
  values: Values;
  /** What both of us changed, each to something else. */
  conflicts: string[];
}

/** My form after somebody was faster: only what both changed is a question. */
export function merge(fields: FieldMeta[], before: Values, mine: Values, theirs: Values): Merge {
  const values: Values = {};
  const conflicts: string[] = [];
  for (const { name } of fields) {
    const isMine = !isSame(mine[name], before[name]);
    values[name] = isMine ? mine[name] : theirs[name];
    if (isMine && !isSame(theirs[name], before[name]) && !isSame(theirs[name], mine[name])) conflicts.push(name);
  }
  return { values, conflicts };
}

// --- texts that people type ---------------------------------------------------------------------------------------------

/** A number as it is typed in the person's language, as the API takes it: `1 200,50` → `1200.50`. */
export function plainNumber(text: string, decimal: string): string {
  const group = decimal === ',' ? '.' : ',';
  const bare = text.replace(/[\s\u00a0\u202f’']/g, '');
  // A point among figures of a language that writes a comma divides thousands only where it stands before three of them.
  const parts = bare.split(group);
  const isGrouped = parts.length > 1 && parts.slice(1).every((part, i) => /^\d{3}$/.test(i === parts.length - 2 ? part.split(decimal)[0]! : part));
  return (isGrouped ? parts.join('') : bare).replace(decimal, '.');
}

const zoned = (zone: string) =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** A moment as clocks of a zone show it: `2026-11-30T14:05`. */
export function localOf(moment: string, zone: string): string {
  const parts = Object.fromEntries(zoned(zone).formatToParts(new Date(moment)).map((part) => [part.type, part.value]));
  return `${parts['year']}-${parts['month']}-${parts['day']}T${parts['hour']}:${parts['minute']}`;
}

/** The moment at which clocks of a zone show this; in the hour that a clock shows twice, one of the two. */
export function momentOf(local: string, zone: string): string {
  const shown = (time: number) => new Date(`${localOf(new Date(time).toISOString(), zone)}:00Z`).getTime();
  const wanted = new Date(`${local.slice(0, 16)}:00Z`).getTime();
  let moment = wanted - (shown(wanted) - wanted);
  moment -= shown(moment) - wanted;
  return new Date(moment).toISOString().replace('.000Z', 'Z');
}
