import type { Feature } from '../../core/features';

export default {
  screens: [
    { path: '/projects/:id/:tab?', load: () => import('./Project.svelte') },
    { path: '/clients/:id/:tab?', load: () => import('./Client.svelte') },
  ],
} satisfies Feature;
