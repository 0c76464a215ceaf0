/** Addresses of the app: which screen they show, and how one gets from one to another. */
import type { Component } from 'svelte';

export type Params = Record<string, string>;

export interface Screen {
  /** `/projects/:id`; a last part with a question mark (`/projects/:id?`) may be missing. */
  path: string;
  load: () => Promise<{ default: Component<any> }>; // eslint-disable-line @typescript-eslint/no-explicit-any
  /** Shown to whoever comes, without the shell: signing in and the links of mails. */
  open?: boolean;
}

export interface Match {
  screen: Screen;
  params: Params;
}

class Place {
  path = $state('/');
  search = $state('');
  /** Grows with each step, so that a screen can tell a new visit from a change of its query. */
  visit = $state(0);
  query = $derived(new URLSearchParams(this.search));
}
export const place = new Place();

/** The parts of a pattern in a path, or null where it is of another form. */
export function matchPath(pattern: string, path: string): Params | null {
  const wanted = pattern.split('/').filter(Boolean);
  const given = path.split('/').filter(Boolean);
  if (given.length > wanted.length) return null;
  const params: Params = {};
  for (const [i, part] of wanted.entries()) {
    const value = given[i];
    if (part.startsWith(':')) {
      const isOptional = part.endsWith('?');
      if (value === undefined && !isOptional) return null;
      try {
        if (value !== undefined) params[part.slice(1, isOptional ? -1 : undefined)] = decodeURIComponent(value);
      } catch {
        return null;
      }
    } else if (part !== value) return null;
  }
  return params;
}

/** The first screen whose pattern fits: own screens stand before generated ones. */
export function screenAt(screens: Screen[], path: string): Match | null {
  for (const screen of screens) {
    const params = matchPath(screen.path, path);
    if (params) return { screen, params };
  }
  return null;
}

/** Goes to an address of the app. `replace` leaves no step behind to come back to. */
export function go(address: string, options: { replace?: boolean } = {}): void {
  const url = new URL(address, location.href);
  if (url.origin !== location.origin) {
    location.assign(url);
    return;
  }
  if (url.href === location.href) return;
  history[options.replace ? 'replaceState' : 'pushState']({ inside: true }, '', url);
  take();
}

/** Changes the query of the present address: lists keep what they show there. Null removes a name. */
export function setQuery(changes: Record<string, string | null>, options: { push?: boolean } = {}): void {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  go(location.pathname + (text ? `?${text}` : ''), { replace: !options.push });
}

/** One step back, or to the given address where the visit began here. */
export function back(otherwise: string): void {
  if (history.state?.inside) history.back();
  else go(otherwise, { replace: true });
}

function take(): void {
  if (place.path !== location.pathname) place.visit++;
  place.path = location.pathname;
  place.search = location.search;
}

/** Follows links of the page and the browser's buttons. */
export function startRouter(): void {
  take();
  addEventListener('popstate', take);
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.('a[href]') as HTMLAnchorElement | null;
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (!isOwn(link.pathname) || (link.hash && link.pathname === location.pathname)) return;
    event.preventDefault();
    go(link.href);
  });
}

/** Addresses that the program answers itself are left to the browser. */
export function isOwn(path: string): boolean {
  return !/^\/(api|static|dev|assets)(\/|$)/.test(path);
}

/** A path within the studio to come back to after signing in; never another site's. */
export function safeNext(next: string | null): string {
  return next && /^\/(?![/\\])/.test(next) && !next.startsWith('/login') ? next : '/';
}
