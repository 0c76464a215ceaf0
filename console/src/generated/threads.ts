/** Comments in the order in which they are read: each answer under what it answers. */
import type { Row } from '../core/meta';

export interface Said extends Row {
  author: Row | string | null;
  body: string;
  created_at: string;
  edited_at?: string | null;
  internal?: boolean;
  reply_to?: string | null;
  depth?: number;
}

/** `rows` are the oldest first. What answers a comment that isn't among them stands by itself. */
export function threads(rows: Said[]): { row: Said; depth: number }[] {
  const known = new Set(rows.map((row) => row.id));
  const answers = new Map<string, Said[]>();
  for (const row of rows) {
    const to = row.reply_to && known.has(row.reply_to) ? row.reply_to : '';
    answers.set(to, [...(answers.get(to) ?? []), row]);
  }
  const under = (id: string, depth: number): { row: Said; depth: number }[] => (answers.get(id) ?? []).flatMap((row) => [{ row, depth }, ...under(row.id, depth + 1)]);
  return under('', 0);
}
