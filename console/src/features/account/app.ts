import type { Feature } from '../../core/features';

export default {
  screens: [
    { path: '/account/:tab?', load: () => import('./Account.svelte') },
    // Where mails about new sign-ins lead.
    { path: '/sessions', load: () => import('./Sessions.svelte') },
  ],
} satisfies Feature;
