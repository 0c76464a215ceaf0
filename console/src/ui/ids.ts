let last = 0;

/** An id for an element of this page. */
export function nextId(prefix = 'e'): string {
  return `${prefix}${++last}`;
}
