/** Which rows stand in which column of a board, what a card shows, and where the keys lead. */
import type { FieldMeta, ModelMeta, Row } from '../core/meta';
import { columnsOf, valuesOf, type ListState } from './query';

export interface Column {
  value: string;
  label: string;
  tone: string;
  rows: Row[];
  /** As the studio counts them; null while it hasn't. */
  count: number | null;
}

export interface CountedGroups {
  groups: Record<string, unknown>[];
}

export function boardField(model: ModelMeta): FieldMeta | undefined {
  return model.fields.find((field) => field.name === model.board);
}

/** One column for each value that the filters let through. */
export function columnsOfBoard(field: FieldMeta, rows: Row[], counts: CountedGroups | undefined, state: ListState): Column[] {
  const wanted = valuesOf(state, field);
  return (field.choices ?? []).filter((choice) => !wanted.length || wanted.includes(choice.value)).map((choice) => {
    const group = counts?.groups.find((each) => each[field.name] === choice.value);
    return {
      value: choice.value,
      label: choice.label,
      tone: choice.tone ?? 'quiet',
      rows: rows.filter((row) => row[field.name] === choice.value),
      count: counts ? Number(group?.['count'] ?? 0) : null,
    };
  });
}

/** Where people look at a person: the first reference to one that may be set. */
export function personField(model: ModelMeta): FieldMeta | undefined {
  return model.fields.find((field) => field.type === 'reference' && field.to === 'users.user' && field.write !== 'never');
}

/** What a card or a day of the calendar shows beside the name, of the columns of the list. */
export function cardFields(state: ListState, model: ModelMeta): { lines: FieldMeta[]; signs: FieldMeta[]; person: FieldMeta | undefined; day: FieldMeta | undefined } {
  const columns = columnsOf({ ...state, columns: [] }, model).flatMap((name) => model.fields.find((field) => field.name === name) ?? []);
  const person = personField(model);
  const day = model.fields.find((field) => field.name === model.calendar);
  const rest = columns.filter((field) => field.name !== model.title && field.name !== model.board && field !== day && field !== person);
  return {
    lines: rest.filter((field) => field.type === 'text' || field.type === 'reference').slice(0, 2),
    signs: model.fields.filter((field) => field.type === 'choice' && field.name !== model.board && field.choices?.some((choice) => choice.tone === 'warn' || choice.tone === 'bad')),
    person,
    day,
  };
}

/** The state whose list request brings what cards need. */
export function cardState(state: ListState, model: ModelMeta): ListState {
  const { lines, signs, person, day } = cardFields(state, model);
  const names = [model.title, model.board, ...[...lines, ...signs, person, day].map((field) => field?.name)].filter((name): name is string => !!name);
  return { ...state, columns: [...new Set(names)] };
}

/** The summary's request for the same rows: those filters and no order. */
export function countsQuery(state: ListState, field: FieldMeta): Record<string, string> {
  return { ...(state.search ? { search: state.search } : {}), ...state.filters, group: field.name };
}

/** Only what stands out is worth a sign: the choice with a tone that warns. */
export function standsOut(field: FieldMeta, value: unknown): boolean {
  const tone = field.choices?.find((choice) => choice.value === value)?.tone;
  return tone === 'warn' || tone === 'bad';
}

/** The card that a step leads to from the present one; the first where there is none. */
export function stepTo(columns: Column[], id: string, direction: 'up' | 'down' | 'left' | 'right'): string {
  const filled = columns.filter((column) => column.rows.length);
  const at = filled.findIndex((column) => column.rows.some((row) => row.id === id));
  if (at < 0) return filled[0]?.rows[0]?.id ?? '';
  const place = filled[at]!.rows.findIndex((row) => row.id === id);
  const within = (rows: Row[], index: number) => rows[Math.max(0, Math.min(rows.length - 1, index))]!.id;
  if (direction === 'up' || direction === 'down') return within(filled[at]!.rows, place + (direction === 'down' ? 1 : -1));
  const other = filled[Math.max(0, Math.min(filled.length - 1, at + (direction === 'right' ? 1 : -1)))]!;
  return within(other.rows, place);
}

/** The nearest column to that side which the row may go to; empty where there is none. */
export function columnBeside(columns: Column[], from: string, allowed: string[], direction: 'left' | 'right'): string {
  const at = columns.findIndex((column) => column.value === from);
  const ahead = direction === 'right' ? columns.slice(at + 1) : columns.slice(0, Math.max(0, at)).reverse();
  return ahead.find((column) => allowed.includes(column.value))?.value ?? '';
}

