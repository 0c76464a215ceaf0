/** How dates, times, numbers and money are written: by the person's language, the site's region and the person's zone. */
import { tongue } from './i18n.svelte';

export interface Money {
  amount: string;
  currency: string;
}

class Clockwork {
  /** The person's zone: it says what "today" is. */
  zone = $state('Africa/Kampala');
  /** Moves on once a minute, so that "3 min ago" does too. */
  now = $state(Date.now());
}
export const clockwork = new Clockwork();

export function startClock(): void {
  setInterval(() => (clockwork.now = Date.now()), 60_000);
}

const made = new Map<string, unknown>();
function kept<T>(key: string, make: () => T): T {
  const full = `${tongue.locale}|${clockwork.zone}|${key}`;
  if (!made.has(full)) made.set(full, make());
  return made.get(full) as T;
}

const dates = (key: string, options: Intl.DateTimeFormatOptions) =>
  kept(`d:${key}`, () => new Intl.DateTimeFormat(tongue.locale, options));

/** "UGX 2,450,000": the currency's code, and exactly the digits that the studio sent. */
export function money(value: Money | null | undefined): string {
  if (!value) return '–';
  return `${value.currency} ${number(value.amount)}`;
}

/** A number or a decimal text of any length with exactly the digits it has: nothing goes through a float, which would round it. */
export function number(value: string | number): string {
  const [, sign = '', whole = '0', digits = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(value)) ?? ['', '', '', ''];
  if (!/\d/.test(whole)) return String(value);
  const format = kept('n', () => new Intl.NumberFormat(tongue.locale));
  return sign + format.format(BigInt(whole)) + (digits ? decimalSign() + digits : '');
}

/** What stands before the digits after the point in the person's language. */
export function decimalSign(): string {
  return kept('point', () => new Intl.NumberFormat(tongue.locale).formatToParts(1.1).find((part) => part.type === 'decimal')?.value ?? '.');
}

/** The day of a moment in the person's zone: 2026-11-30. */
export function dayOf(moment: number | string | Date, zone = clockwork.zone): string {
  return kept(`day:${zone}`, () =>
    new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }),
  ).format(new Date(moment));
}

export function today(): string {
  return dayOf(clockwork.now);
}

const noon = (day: string) => new Date(`${day}T12:00:00Z`);

/** Days from today to a day; negative for the past. */
export function daysUntil(day: string): number {
  return Math.round((noon(day).getTime() - noon(today()).getTime()) / 86_400_000);
}

/** "7 Dec", with the year where it is another. */
export function date(day: string | null | undefined): string {
  if (!day) return '–';
  const isThisYear = day.slice(0, 4) === today().slice(0, 4);
  return dates(isThisYear ? 'short' : 'year', {
    timeZone: 'UTC', day: 'numeric', month: 'short', ...(isThisYear ? {} : { year: 'numeric' }),
  }).format(noon(day));
}

/** "today", "tomorrow", "2 days ago" near today, else the date. */
export function dueDay(day: string | null | undefined): string {
  if (!day) return '–';
  const distance = daysUntil(day);
  return Math.abs(distance) > 6 ? date(day) : relativeFormat().format(distance, 'day');
}

/** "Monday, 30 November". */
export function longDay(day: string): string {
  return dates('long', { timeZone: 'UTC', weekday: 'long', day: 'numeric', month: 'long' }).format(noon(day));
}

/** "December 2026" of a month as `2026-12`. */
export function monthName(month: string): string {
  return dates('month', { timeZone: 'UTC', month: 'long', year: 'numeric' }).format(noon(`${month}-01`));
}

/** "Mon" or "Monday" of a day. */
export function weekday(day: string, length: 'short' | 'long' = 'short'): string {
  return dates(`weekday:${length}`, { timeZone: 'UTC', weekday: length }).format(noon(day));
}

/** "30 Nov 2026, 14:05" in the person's zone. */
export function dateTime(moment: string | null | undefined): string {
  if (!moment) return '–';
  return dates('moment', {
    timeZone: clockwork.zone, day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
  }).format(new Date(moment));
}

export function time(moment: string): string {
  return dates('time', { timeZone: clockwork.zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(moment));
}

const relativeFormat = () => kept('r', () => new Intl.RelativeTimeFormat(tongue.locale, { numeric: 'auto' }));

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['minute', 60], ['hour', 3600], ['day', 86_400], ['week', 604_800], ['month', 2_629_800], ['year', 31_557_600],
];

/** "now", "3 minutes ago", "yesterday", "in 2 weeks". */
export function ago(moment: string | null | undefined): string {
  if (!moment) return '–';
  const seconds = (new Date(moment).getTime() - clockwork.now) / 1000;
  let chosen = steps[0]!;
  for (const step of steps) if (Math.abs(seconds) >= step[1]) chosen = step;
  const count = Math.trunc(seconds / chosen[1]);
  return count === 0 ? relativeFormat().format(0, 'second') : relativeFormat().format(count, chosen[0]);
}

/** Seconds as "1 h 20 min". */
export function duration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  const unit = (name: 'hour' | 'minute') =>
    kept(`u:${name}`, () => new Intl.NumberFormat(tongue.locale, { style: 'unit', unit: name, unitDisplay: 'short' }));
  const parts: string[] = [];
  if (minutes >= 60) parts.push(unit('hour').format(Math.floor(minutes / 60)));
  if (minutes % 60 || minutes < 60) parts.push(unit('minute').format(minutes % 60));
  return parts.join(' ');
}

/** "2.4 MB". */
export function bytes(count: number): string {
  const names = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  let step = 0;
  while (count >= 1000 && step < names.length - 1) {
    count /= 1000;
    step++;
  }
  return kept(`b:${step}`, () =>
    new Intl.NumberFormat(tongue.locale, { style: 'unit', unit: names[step], unitDisplay: step ? 'short' : 'long', maximumFractionDigits: step ? 1 : 0 }),
  ).format(count);
}

export function list(parts: string[]): string {
  return kept('l', () => new Intl.ListFormat(tongue.locale, { type: 'conjunction' })).format(parts);
}
