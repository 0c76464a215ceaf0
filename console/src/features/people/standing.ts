/** How an account stands: whether somebody may sign in with it, and why not. */
import { messages } from '../../core/i18n.svelte';
import { clockwork, date, dayOf, today } from '../../core/format.svelte';
import type { Row, Tone } from '../../core/meta';

const t = messages('standing', { active: 'Active', erased: 'Erased', closed: 'Closed', expired: 'Ended', unverified: 'Address not proven', away: 'Away until {day}', until: 'Until {day}' });

export interface Person extends Row {
  username: string;
  first_name: string;
  last_name: string;
  job_title: string;
  avatar: string;
  roles: string[];
  department: Row | null;
  is_active: boolean;
  is_verified?: boolean;
  expires_at?: string | null;
  erased_at?: string | null;
  last_login_at?: string | null;
  signed_out_at?: string | null;
  deactivation_reason?: string;
  out_of_office_from?: string | null;
  out_of_office_until?: string | null;
}

export interface Standing {
  key: 'active' | 'erased' | 'closed' | 'expired' | 'unverified' | 'away' | 'until';
  label: string;
  tone: Tone;
}

/** The one thing to know of an account; what this reader isn't told counts for nothing. */
export function standingOf(person: Person): Standing {
  if (person.erased_at) return { key: 'erased', label: t.erased, tone: 'quiet' };
  if (!person.is_active) return { key: 'closed', label: t.closed, tone: 'bad' };
  const ends = person.expires_at ? new Date(person.expires_at).getTime() : Infinity;
  if (ends <= clockwork.now) return { key: 'expired', label: t.expired, tone: 'bad' };
  if (person.is_verified === false) return { key: 'unverified', label: t.unverified, tone: 'warn' };
  const { out_of_office_from: from, out_of_office_until: until } = person;
  if (until && until >= today() && (!from || from <= today())) return { key: 'away', label: t.away({ day: date(until) }), tone: 'info' };
  if (ends < Infinity) return { key: 'until', label: t.until({ day: date(dayOf(ends)) }), tone: 'warn' };
  return { key: 'active', label: t.active, tone: 'good' };
}
