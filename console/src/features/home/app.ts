import type { Feature } from '../../core/features';
import { messages } from '../../core/i18n.svelte';
import { session } from '../../core/session.svelte';

const t = messages('home.place', { home: 'My day', overview: 'Overview' });

export default {
  screens: [{ path: '/', load: () => import('./Home.svelte') }],
  places: [{ path: '/', label: () => (session.is('client') ? t.overview : t.home), icon: 'sun', order: 0 }],
} satisfies Feature;
