/** The first sheet of a workbook (XLSX) as rows of texts: a zip with XML in it, of which dates, numbers and texts are read and nothing runs. */
import type { Grid } from './sheet';

type Inflate = (bytes: Uint8Array) => Promise<Uint8Array>;

/** More than any spreadsheet of a thousand rows has; a small file may claim to be far more. */
const mostBytes = 40_000_000;

/** The browser's own. */
export async function inflated(bytes: Uint8Array): Promise<Uint8Array> {
  const reader = new Blob([bytes as BlobPart]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > mostBytes) throw new Error('too large');
    parts.push(value);
  }
  return joined(parts, size);
}

function joined(parts: Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

/** Throws where it is no workbook. */
export async function readXlsx(bytes: Uint8Array, inflate: Inflate = inflated): Promise<Grid> {
  const files = entriesOf(bytes);
  const textAt = async (name: string) => {
    const file = files.get(name);
    if (!file) return '';
    return new TextDecoder().decode(file.method === 0 ? file.data : await inflate(file.data));
  };
  const workbook = await textAt('xl/workbook.xml');
  const first = /<(?:\w+:)?sheet\b[^>]*\br:id="([^"]+)"/.exec(workbook)?.[1] ?? '';
  const links = await textAt('xl/_rels/workbook.xml.rels');
  const target = tags(links, 'Relationship').map(({ head }) => head).find((head) => attribute(head, 'Id') === first);
  const path = attribute(target ?? '', 'Target') || 'worksheets/sheet1.xml';
  const sheet = await textAt(path.startsWith('/') ? path.slice(1) : `xl/${path}`);
  if (!sheet) throw new Error('no workbook');
  const texts = tags(await textAt('xl/sharedStrings.xml'), 'si').map(({ inner }) => writtenIn(inner));
  return gridOf(sheet, texts, dateStyles(await textAt('xl/styles.xml')), /date1904="(1|true)"/.test(workbook));
}

// --- the zip ------------------------------------------------------------------------------------------------------------

interface Entry {
  method: number;
  data: Uint8Array;
}

/** What the directory at the end of a zip lists; sizes in front of the files may be missing there. */
function entriesOf(bytes: Uint8Array): Map<string, Entry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw new Error('no zip');
  const files = new Map<string, Entry>();
  let place = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    if (view.getUint32(place, true) !== 0x02014b50) throw new Error('no zip');
    const [size, nameLength, extra, comment] = [view.getUint32(place + 20, true), view.getUint16(place + 28, true), view.getUint16(place + 30, true), view.getUint16(place + 32, true)];
    const head = view.getUint32(place + 42, true);
    const begin = head + 30 + view.getUint16(head + 26, true) + view.getUint16(head + 28, true);
    const name = new TextDecoder().decode(bytes.subarray(place + 46, place + 46 + nameLength));
    files.set(name, { method: view.getUint16(place + 10, true), data: bytes.subarray(begin, begin + size) });
    place += 46 + nameLength + extra + comment;
  }
  return files;
}

// --- its XML ------------------------------------------------------------------------------------------------------------

const marks: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function plain(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name) return marks[name] ?? whole;
    const code = hex ? parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
}

function attribute(head: string, name: string): string {
  return plain(new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(head)?.[1] ?? '');
}

/** Elements of a name that don't lie within each other. */
function tags(xml: string, name: string): { head: string; inner: string }[] {
  const found = xml.matchAll(new RegExp(`<(?:\\w+:)?${name}(\\s[^>]*?)?(?:/>|>([\\s\\S]*?)</(?:\\w+:)?${name}>)`, 'g'));
  return [...found].map(([, head = '', inner = '']) => ({ head, inner }));
}

/** The texts of a cell, of which each part may look otherwise; what tells how it is read aloud is none. */
function writtenIn(xml: string): string {
  return tags(xml.replace(/<(?:\w+:)?rPh\b[\s\S]*?<\/(?:\w+:)?rPh>/g, ''), 't').map(({ inner }) => plain(inner)).join('');
}

/** Whether each style of cells shows a number as a day. */
function dateStyles(xml: string): boolean[] {
  const own = new Map(tags(xml, 'numFmt').map(({ head }) => [Number(attribute(head, 'numFmtId')), attribute(head, 'formatCode')]));
  const styles = tags(xml, 'cellXfs')[0]?.inner ?? '';
  return [...styles.matchAll(/<(?:\w+:)?xf\b([^>]*)>/g)].map(([, head = '']) => {
    const id = Number(attribute(head, 'numFmtId'));
    if ((id >= 14 && id <= 17) || id === 22) return true;
    return /[dy]/i.test((own.get(id) ?? '').replace(/"[^"]*"|\[[^\]]*\]|\\./g, ''));
  });
}

/** 0 for A, 26 for AA. */
function columnOf(place: string): number {
  const letters = /^[A-Z]+/.exec(place)?.[0] ?? '';
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

const mostColumns = 200;
const mostRows = 20_000;

function gridOf(xml: string, texts: string[], isDate: boolean[], is1904: boolean): Grid {
  const grid: Grid = [];
  for (const row of tags(xml, 'row')) {
    const at = Number(attribute(row.head, 'r')) || grid.length + 1;
    if (at > mostRows) throw new Error('too large');
    while (grid.length < at) grid.push([]);
    const cells = grid[at - 1]!;
    for (const cell of tags(row.inner, 'c')) {
      const column = attribute(cell.head, 'r') ? columnOf(attribute(cell.head, 'r')) : cells.length;
      if (column < 0 || column >= mostColumns) continue;
      while (cells.length <= column) cells.push('');
      cells[column] = valueOf(cell, texts, isDate, is1904);
    }
  }
  return grid;
}

function valueOf({ head, inner }: { head: string; inner: string }, texts: string[], isDate: boolean[], is1904: boolean): string {
  const kind = attribute(head, 't');
  if (kind === 'inlineStr') return writtenIn(inner);
  const value = plain(tags(inner, 'v')[0]?.inner ?? '');
  if (kind === 's') return texts[Number(value)] ?? '';
  if (kind === 'b') return value === '1' ? 'true' : 'false';
  if (kind || value === '' || !isDate[Number(attribute(head, 's') || 0)]) return value;
  return dayOf(Number(value), is1904);
}

/** Days since the end of 1899 as `2026-11-30`, with the time where there is one. */
function dayOf(days: number, is1904: boolean): string {
  const moment = new Date(Math.round((days - (is1904 ? 24107 : 25569)) * 86_400) * 1000);
  if (Number.isNaN(moment.getTime())) return String(days);
  const text = moment.toISOString();
  return text.slice(11, 19) === '00:00:00' ? text.slice(0, 10) : text.slice(0, 19);
}
