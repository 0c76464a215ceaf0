/** The days of a month as weeks, and which rows lie on them. */
import { dayOf } from '../core/format.svelte';
import type { FieldMeta, Row } from '../core/meta';

const step = 86_400_000;
const at = (day: string) => new Date(`${day}T12:00:00Z`).getTime();
const written = (time: number) => new Date(time).toISOString().slice(0, 10);

export function isMonth(text: string | undefined): text is string {
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(text ?? '');
}

/** `2026-12` and one month on is `2027-01`. */
export function monthAfter(month: string, count: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const all = year * 12 + number - 1 + count;
  return `${String(Math.floor(all / 12)).padStart(4, '0')}-${String((all % 12) + 1).padStart(2, '0')}`;
}

/** Whole weeks that have the month in them; `first` is the weekday that a week begins with, 1 for Monday to 7. */
export function weeksOf(month: string, first = 1): string[][] {
  const start = at(`${month}-01`);
  const lead = (new Date(start).getUTCDay() - (first % 7) + 7) % 7;
  const end = at(`${monthAfter(month, 1)}-01`);
  const weeks: string[][] = [];
  for (let time = start - lead * step; time < end; time += 7 * step) weeks.push(Array.from({ length: 7 }, (_, i) => written(time + i * step)));
  return weeks;
}

/** The weekday that weeks begin with where the person is; Monday where the browser doesn't know. */
export function firstWeekday(locale: string): number {
  const here = new Intl.Locale(locale) as Intl.Locale & { weekInfo?: { firstDay: number }; getWeekInfo?: () => { firstDay: number } };
  return here.getWeekInfo?.().firstDay ?? here.weekInfo?.firstDay ?? 1;
}

/** Rows by their day; a moment's day is that of the person's zone. */
export function byDay(rows: Row[], field: FieldMeta): Map<string, Row[]> {
  const days = new Map<string, Row[]>();
  for (const row of rows) {
    const value = row[field.name];
    if (typeof value !== 'string' || !value) continue;
    const day = field.type === 'date' ? value : dayOf(value);
    days.set(day, [...(days.get(day) ?? []), row]);
  }
  return days;
}
