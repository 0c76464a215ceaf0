/** The token behind `#token=` of a mailed link. It stays in the fragment, which no server sees, until it is used. */
export function linkToken(hash = location.hash): string {
  return new URLSearchParams(hash.replace(/^#/, '')).get('token') ?? '';
}

/** A used token goes from the address, and from what the browser would offer again. */
export function dropToken(): void {
  history.replaceState(history.state, '', location.pathname + location.search);
}
