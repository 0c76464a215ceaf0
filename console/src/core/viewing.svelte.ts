/** Looking at the studio as somebody else sees it: ten minutes, changing nothing, kept nowhere. */
import { askAs, call } from './api';
import { download } from './download';
import { clockwork } from './format.svelte';
import { messages } from './i18n.svelte';
import { go } from './router.svelte';
import { clearScreen, enter, enterAgain, session, type Me } from './session.svelte';
import { toast } from './toasts.svelte';

const t = messages('viewing', { over: 'The ten minutes are over: you are yourself again.', ended: 'You are yourself again.' });

interface ViewToken {
  access: string;
  /** Seconds. */
  expires_in: number;
}

class Viewing {
  /** The person who looks, while they look as somebody else. */
  own = $state.raw<Me | null>(null);
  until = $state(0);
  /** How many minutes are left, the one that has begun included. */
  minutes = $derived(Math.max(1, Math.ceil((this.until - clockwork.now) / 60_000)));
}
export const viewing = new Viewing();

let from = '/';
let timer: ReturnType<typeof setTimeout> | undefined;

/** Begins to look as a person. Throws the `Problem`: who may look as whom, and that there is a reason, is the studio's to say. */
export async function viewAs(person: string, reason: string): Promise<void> {
  const own = session.me;
  if (!own || own.viewed_by) return;
  const view = await call<ViewToken>('POST', `/auth/view-as/${encodeURIComponent(person)}`, { body: { reason } });
  const me = await call<Me>('GET', '/users/me', { headers: { Authorization: `Bearer ${view.access}` } });
  from = location.pathname;
  await clearScreen();
  const end = () => void stopViewing(t.over);
  askAs({ token: view.access, end });
  timer = setTimeout(end, view.expires_in * 1000);
  document.addEventListener('click', fetchFile, true);
  viewing.own = own;
  clockwork.now = Date.now();
  viewing.until = clockwork.now + view.expires_in * 1000;
  go('/');
  await enter(me);
}

/** Is oneself again, where one was before. */
export async function stopViewing(say = t.ended): Promise<void> {
  const { own } = viewing;
  if (!own) return;
  viewing.own = null;
  clearTimeout(timer);
  document.removeEventListener('click', fetchFile, true);
  await clearScreen();
  askAs(null);
  go(from);
  await enterAgain(own);
  toast(say);
}

/** Files that a link leads to would come by one's own cookies: they are asked for as the person, too. */
function fetchFile(event: MouseEvent): void {
  const link = (event.target as Element | null)?.closest?.('a[href^="/api/"]') as HTMLAnchorElement | null;
  if (!link) return;
  event.preventDefault();
  event.stopPropagation();
  const { pathname, search } = new URL(link.href, location.href);
  void download(pathname.replace(/^\/api\/v1/, '') + search, {}, link.download || pathname.split('/').at(-1)!);
}
