/** What roles are called, and what each is for in one line. What it may do the studio tells (`rights.ts`). */
import { messages } from '../../core/i18n.svelte';
import type { Choice, ModelMeta } from '../../core/meta';
import { capital } from './rights';

const t = messages('roles', {
  admin: 'Runs the studio itself: people, roles and settings, and everything that others do.', manager: 'Leads the work: sees all of it, hands it out, decides and invites.',
  finance: 'Keeps the books: what is owed, paid and budgeted.', content: 'Makes things: writing, design, photographs, film.', digital: 'Runs channels, campaigns and what is published.',
  field: 'Works outside: leads, visits, shops and streets.', staff: 'Works in the studio on what they are given.', client: 'A customer: sees their own projects, and nothing internal. Holds no other role.',
});

/** Empty for a role that the console hasn't heard of. */
export function sentenceOfRole(role: string): string {
  return Object.hasOwn(t, role) ? t[role as keyof typeof t] : '';
}

/** The roles that there are, in the words of the studio. */
export function roleChoices(model: ModelMeta | undefined): Choice[] {
  return model?.fields.find((field) => field.name === 'roles')?.choices ?? [];
}

export function calledRole(choices: readonly Choice[], role: string): string {
  return choices.find((choice) => choice.value === role)?.label ?? capital(role);
}

/** The roles after one was chosen or put away: a client holds no other. */
export function withRole(held: readonly string[], role: string, isChosen: boolean, order: readonly string[]): string[] {
  if (!isChosen) return held.filter((each) => each !== role);
  if (role === 'client') return ['client'];
  const next = new Set([...held.filter((each) => each !== 'client'), role]);
  return order.filter((each) => next.has(each));
}

/** Roles that only who manages people gives to somebody who is invited. */
export const kept: readonly string[] = ['admin', 'manager', 'finance'];
