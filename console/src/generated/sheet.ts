/** Spreadsheets as people have them: read into rows of cells, their columns matched to fields, written as the studio takes them. */
import type { FieldMeta } from '../core/meta';

/** Cells as they stand; the place in the list is the row that a spreadsheet counts, less one. */
export type Grid = string[][];

const isBlank = (cells: string[]) => cells.every((cell) => !cell.trim());

/** The bytes of a text file: UTF-8 and UTF-16 as they say, else what Windows writes. */
export function textOf(bytes: Uint8Array): string {
  const mark = [bytes[0], bytes[1]].join();
  if (mark === '255,254') return new TextDecoder('utf-16le').decode(bytes);
  if (mark === '254,255') return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** What separates cells: what a first line `sep=;` says, else the sign of which there are most in the first line with something in it. */
export function separatorOf(text: string): string {
  const said = /^sep=([,;\t|])/i.exec(text)?.[1];
  if (said) return said;
  const line = text.split('\n').find((each) => /[^\s,;]/.test(each)) ?? '';
  const bare = line.replace(/"[^"]*"/g, '');
  const count = (sign: string) => bare.split(sign).length;
  return [',', ';', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}

/** CSV as it comes: quotes where they are needed or not, any end of line. */
export function readCsv(given: string): Grid {
  const separator = separatorOf(given);
  const text = given.replace(/^sep=[,;\t|]\r?\n/i, '');
  const rows: Grid = [];
  let row: string[] = [];
  let place = 0;
  while (place < text.length) {
    const cell = text[place] === '"' ? quoted(text, place) : plain(text, place, separator);
    row.push(cell.value);
    place = cell.end;
    if (text[place] === separator) {
      place++;
      // A line may end with an empty cell.
      if (place >= text.length) row.push('');
      continue;
    }
    if (text.startsWith('\r\n', place)) place++;
    place++;
    rows.push(row);
    row = [];
  }
  if (row.length) rows.push(row);
  return rows;
}

function plain(text: string, from: number, separator: string): { value: string; end: number } {
  let end = from;
  while (end < text.length && text[end] !== separator && text[end] !== '\n' && text[end] !== '\r') end++;
  return { value: text.slice(from, end), end };
}

function quoted(text: string, from: number): { value: string; end: number } {
  let value = '';
  let place = from + 1;
  for (;;) {
    const quote = text.indexOf('"', place);
    if (quote < 0) return { value: value + text.slice(place), end: text.length };
    value += text.slice(place, quote);
    if (text[quote + 1] !== '"') return { value, end: quote + 1 };
    value += '"';
    place = quote + 2;
  }
}

/** The rows as the studio reads them: every one has a line, so that it counts them as the spreadsheet does. */
export function writeCsv(grid: Grid): string {
  const cell = (text: string) => (/[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text);
  // Control characters stand for nothing and are no text.
  const clean = (text: string) => text.replace(/[^\t\n\r\P{Cc}]/gu, '').replace(/\r\n?/g, '\n');
  return grid.map((cells) => cells.map((text) => cell(clean(text))).join(',') + '\r\n').join('');
}

/** The head, the rows below it in which something stands, and where in the grid they are. */
export interface Sheet {
  head: string[];
  rows: { row: number; cells: string[] }[];
}

export function sheetOf(grid: Grid): Sheet | null {
  const at = grid.findIndex((cells) => !isBlank(cells));
  if (at < 0) return null;
  const rows = grid.flatMap((cells, i) => (i > at && !isBlank(cells) ? [{ row: i + 1, cells }] : []));
  const head = [...grid[at]!].map((cell) => cell.trim());
  while (head.length && !head.at(-1)) head.pop();
  return { head, rows };
}

/** Letters and figures alone: "E-Mail", "e mail" and `email` are the same. */
const bare = (name: string) => name.normalize('NFD').toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** The field of each column, by its name or label, also where one is the other's plural; empty for none. No field twice. */
export function matchColumns(head: string[], fields: FieldMeta[]): string[] {
  const taken = new Set<string>();
  const isOf = (column: string, field: FieldMeta) =>
    [field.name, field.label].some((name) => [bare(name), bare(name).replace(/s$/, '')].includes(bare(column)));
  return head.map((column) => {
    const found = column ? fields.find((field) => !taken.has(field.name) && (bare(field.name) === bare(column) || isOf(column, field))) : undefined;
    if (found) taken.add(found.name);
    return found?.name ?? '';
  });
}

/** The mapping as the studio takes it: columns without a name are not spoken of. */
export function mappingOf(head: string[], chosen: string[]): Record<string, string | null> {
  return Object.fromEntries(head.flatMap((column, i) => (column ? [[column, chosen[i] || null]] : [])));
}

/** Fields that no column fills and that every row needs. */
export function missingFields(chosen: string[], fields: FieldMeta[]): FieldMeta[] {
  return fields.filter((field) => field.required && !chosen.includes(field.name));
}

export interface CellFault {
  row: number;
  column: string;
  field: string;
  message: string;
}

/** The same grid with nothing in some of its rows, which keeps the others where they are. */
export function withoutRows(grid: Grid, rows: Set<number>): Grid {
  return grid.map((cells, i) => (rows.has(i + 1) ? [''] : cells));
}

/** Faults that a refusal names as `rows.3.email`. */
export function faultsIn(errors: Record<string, string[]>): CellFault[] {
  return Object.entries(errors).flatMap(([name, sentences]) => {
    const [, row, field = ''] = /^rows\.(\d+)(?:\.(.+))?$/.exec(name) ?? [];
    return row ? [{ row: Number(row), column: '', field, message: sentences.join(' ') }] : [];
  });
}

/** What is offered to be filled in: a head of the fields' names. */
export function templateOf(fields: FieldMeta[]): string {
  return `\ufeff${writeCsv([fields.map((field) => field.name)])}`;
}
