/** A week of work as people say it: days of the same hours are one. */
import { tongue } from '../../core/i18n.svelte';

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

export interface Stretch {
  /** `Mon–Thu` */
  days: string;
  /** `08:30–17:30` */
  hours: string;
}

/** `{"mon": ["08:30", "17:30"]}` by stretches; a day that is left out is free. */
export function weekOf(value: unknown): Stretch[] {
  const given = (value ?? {}) as Record<string, unknown>;
  // The first of January 2024 was a Monday.
  const name = (day: number) => new Intl.DateTimeFormat(tongue.locale, { weekday: 'short', timeZone: 'UTC' }).format(Date.UTC(2024, 0, day + 1));
  const found: { from: number; to: number; hours: string }[] = [];
  for (const [day, key] of days.entries()) {
    const hours = given[key];
    if (!Array.isArray(hours) || hours.length !== 2) continue;
    const text = hours.map(String).join('–');
    const last = found.at(-1);
    if (last && last.hours === text && last.to === day - 1) last.to = day;
    else found.push({ from: day, to: day, hours: text });
  }
  return found.map(({ from, to, hours }) => ({ days: from === to ? name(from) : `${name(from)}–${name(to)}`, hours }));
}
