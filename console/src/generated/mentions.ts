/** Naming people in a text: `@username`, as the studio finds it. */
import type { Row } from '../core/meta';
import { nameOfRow } from './names';

const begun = /(?:^|[\s(])@([\p{L}\p{N}._-]*)$/u;

/** What somebody has typed of a name before the caret: empty right behind the @, null where they type none. */
export function mentionAt(text: string, caret: number): string | null {
  return begun.exec(text.slice(0, caret))?.[1] ?? null;
}

/** Up to six whose username or name begins like this, each once. */
export function peopleFor(word: string, people: Row[]): Row[] {
  const wanted = word.toLocaleLowerCase();
  const fits = (person: Row) => [String(person['username'] ?? ''), ...nameOfRow(person).split(/\s+/)].some((each) => each.toLocaleLowerCase().startsWith(wanted));
  const once = new Map(people.filter((person) => typeof person['username'] === 'string' && fits(person)).map((person) => [person.id, person]));
  return [...once.values()].slice(0, 6);
}

/** The text with the begun name written out, and where the caret stands then. */
export function withMention(text: string, caret: number, username: string): { text: string; caret: number } {
  const before = text.slice(0, caret).replace(/@[\p{L}\p{N}._-]*$/u, `@${username} `);
  return { text: before + text.slice(caret).replace(/^ /, ''), caret: before.length };
}
