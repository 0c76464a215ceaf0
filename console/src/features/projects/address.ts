/** Addresses within the page of a record: what lies over it is in the query, beside what its list showed. */
import { place } from '../../core/router.svelte';

/** Whether the part of an address is a record's id; anything else belongs to the list's own addresses. */
export function isRecordId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

/** An address with changes of its query; null removes a name. */
export function withQuery(changes: Record<string, string | null>, path = place.path): string {
  const query = new URLSearchParams(place.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return path + (text ? `?${text}` : '');
}
