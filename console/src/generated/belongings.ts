/** What rows that a search found belong to, such as a milestone's project: several may be called the same. */
import { call } from '../core/api';
import { entryOf, knownMeta, modelQuery, type Row } from '../core/meta';
import { client, type Page } from '../core/queries';
import { isRow, nameOfRow } from './names';

interface Hit {
  model: string;
  id: string;
}

/** By the id of each hit the name of the record that the first reference of its list leads to; people aside. What can't be asked is left out. */
export async function belongings(hits: Hit[]): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  const models = [...new Set(hits.map((hit) => hit.model))];
  await Promise.allSettled(models.map(async (name) => {
    const entry = entryOf(knownMeta(), name);
    if (!entry?.allow.includes('list')) return;
    const model = await client.ensureQueryData(modelQuery(name));
    const field = model.fields.find((each) => each.type === 'reference' && each.to !== 'users.user' && model.list.includes(each.name));
    if (!field) return;
    const ids = hits.filter((hit) => hit.model === name).map((hit) => hit.id);
    const query = { id__in: ids.join(','), fields: `id,${field.name}`, expand: field.name, page_size: ids.length, count: 'none' };
    for (const row of (await call<Page<Row>>('GET', entry.path, { query })).results) {
      const whole = row[field.name];
      if (isRow(whole)) names.set(row.id, nameOfRow(whole));
    }
  }));
  return names;
}
