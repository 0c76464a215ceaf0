import type { Feature } from '../../core/features';
import { messages } from '../../core/i18n.svelte';
import { session } from '../../core/session.svelte';

const t = messages('operations.place', { operations: 'Operations' });

export default {
  screens: [{ path: '/operations/:tab?/:id?', load: () => import('./Operations.svelte') }],
  places: [{ path: '/operations', label: () => t.operations, icon: 'activity', group: 'Studio', when: () => session.can('operations.manage'), order: 220 }],
} satisfies Feature;
