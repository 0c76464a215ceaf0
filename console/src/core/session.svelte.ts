/** Who uses the console: signing in and out, and what happens when a session ends in the middle of something. */
import { tick } from 'svelte';
import { askAs, call, csrfToken, onSignedOut } from './api';
import { dropAllDrafts, dropDrafts, draftsOf } from './drafts';
import { clockwork } from './format.svelte';
import { speak, tongue } from './i18n.svelte';
import { asProblem } from './problem';
import { client, forgetAnswers, keepAnswers, putAnswersAside } from './queries';
import { knownMeta, metaQuery } from './meta';

export interface Me {
  id: string;
  username: string;
  email: string;
  phone: string | null;
  first_name: string;
  last_name: string;
  job_title: string;
  /** Where the picture is; empty without one. */
  avatar: string;
  bio: string;
  time_zone: string;
  language: string;
  roles: string[];
  permissions: string[];
  /** A second factor is demanded and not set up yet. */
  must_add_factor: boolean;
  /** Who looks at the studio as this person; null for the person. */
  viewed_by: string | null;
  version: number;
  [field: string]: unknown;
}

type State = 'starting' | 'out' | 'in' | 'away';

class Session {
  state = $state<State>('starting');
  me = $state.raw<Me | null>(null);
  /** The session ended while somebody worked: the sign-in stands over their screen. */
  ended = $state(false);
  can = (permission: string) => this.me?.permissions.includes(permission) ?? false;
  is = (role: string) => this.me?.roles.includes(role) ?? false;
}
export const session = new Session();

const lastPerson = 'tamiti.person';
// The name of this file changes with what is in it, so that answers kept by an older build are not read by a newer one.
const build = new URL(import.meta.url).pathname;
let waiting: ((signedIn: boolean) => void)[] = [];

/** Begins: shows what this person saw last while the studio is asked who they are. */
export async function startSession(): Promise<void> {
  onSignedOut(() => {
    if (session.state !== 'in') return Promise.resolve(false);
    session.ended = true;
    return new Promise((wake) => waiting.push(wake));
  });
  watchOtherWindows();
  const person = remembered();
  if (!csrfToken() && !person) {
    session.state = 'out';
    return;
  }
  if (person) await keepAnswers(person, build);
  const known = person ? client.getQueryData<Me>(['/users/me']) : undefined;
  if (known) {
    await enter(known);
    void refreshMe();
  } else await refreshMe();
}

/** Asks who is signed in; a person that is known already stays while the studio is away. */
export async function refreshMe(): Promise<void> {
  try {
    const me = await call<Me>('GET', '/users/me');
    // Who began or ended a view meanwhile is somebody else by now.
    if (session.me && (session.me.viewed_by ?? null) !== (me.viewed_by ?? null)) return;
    client.setQueryData(['/users/me'], me);
    await enter(me);
  } catch (fault) {
    const problem = asProblem(fault);
    if (problem.status === 401) await leave();
    else if (!session.me) session.state = 'away';
  }
}

/** Shows the studio to somebody, of whom the screen has nothing yet. */
export async function enter(me: Me): Promise<void> {
  // Of somebody who is only looked as nothing stays in this browser.
  draftsOf(me.viewed_by ? `view.${me.id}` : me.id);
  if (!me.viewed_by) remember(me.id);
  session.me = me;
  clockwork.zone = me.time_zone || 'Africa/Kampala';
  tongue.region = knownMeta()?.brand.region ?? tongue.region;
  if (me.language && me.language !== tongue.language) await speak(me.language);
  session.state = 'in';
  void client.fetchQuery(metaQuery()).then((meta) => (tongue.region = meta.brand.region), () => undefined);
}

export interface Credentials {
  username: string;
  password: string;
  code?: string;
}

/** Signs in by cookie. Throws the `Problem`; `auth.second_factor_needed` asks for a code. */
export async function signIn(credentials: Credentials): Promise<void> {
  const before = session.me?.id ?? remembered();
  await call('POST', '/auth/cookie', { body: credentials, anonymous: true });
  const me = await call<Me>('GET', '/users/me', { anonymous: true });
  if (before && before !== me.id) {
    // Somebody else sits here now: nothing of the person before may stay, on the screen or in the browser.
    await forgetAnswers();
    session.me = null;
  }
  const goesOn = session.ended && before === me.id;
  if (!goesOn) await keepAnswers(me.id, build);
  client.setQueryData(['/users/me'], me);
  await enter(me);
  session.ended = false;
  wake(goesOn);
  if (!goesOn && waiting.length) location.assign('/');
}

/** Takes the screen away, then what it shows: no screen is left for a moment without its answers, or with somebody else's. */
export async function clearScreen(): Promise<void> {
  session.state = 'starting';
  await tick();
  putAnswersAside();
}

/** Shows one's own studio again after a view, as it was seen last. */
export async function enterAgain(own: Me): Promise<void> {
  dropDrafts();
  await keepAnswers(own.id, build);
  await enter(own);
  void refreshMe();
}

/** Signs out, deletes everything this browser keeps and loads anew. */
export async function signOut(): Promise<void> {
  askAs(null);
  try {
    await call('DELETE', '/auth/cookie', { anonymous: true });
  } finally {
    await leave();
    location.assign('/login');
  }
}

async function leave(): Promise<void> {
  const wasIn = session.state === 'in';
  session.me = null;
  session.state = 'out';
  if (!wasIn) return;
  dropAllDrafts();
  forget();
  await forgetAnswers();
}

/** Gives up a session that ended: what waits for it is refused. */
export async function giveUp(): Promise<void> {
  session.ended = false;
  wake(false);
  await leave();
  location.assign('/login');
}

function wake(signedIn: boolean): void {
  const all = waiting;
  waiting = [];
  for (const each of all) each(signedIn);
}

function remembered(): string {
  try {
    return localStorage.getItem(lastPerson) ?? '';
  } catch {
    return '';
  }
}
function remember(id: string): void {
  try {
    localStorage.setItem(lastPerson, id);
  } catch {
    // Without storage each visit begins anew.
  }
}
function forget(): void {
  try {
    localStorage.removeItem(lastPerson);
  } catch {
    // Nothing was kept, then.
  }
}

/** Another window signed out, or in as somebody else: this one must not go on as before. */
function watchOtherWindows(): void {
  addEventListener('storage', (event) => {
    if (event.key === lastPerson && session.me && event.newValue !== session.me.id) location.assign('/');
  });
}

/** "Sharon Nakato", or the username where there is no name. */
export function nameOf(person: { first_name?: unknown; last_name?: unknown; username?: unknown } | null | undefined): string {
  if (!person) return '';
  return [person.first_name, person.last_name].filter(Boolean).join(' ') || String(person.username ?? '');
}
