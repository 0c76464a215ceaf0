import type { Feature } from '../../core/features';
import { messages } from '../../core/i18n.svelte';
import { session } from '../../core/session.svelte';

const t = messages('audit.place', { audit: 'Audit log' });

export default {
  screens: [{ path: '/audit/:entry?', load: () => import('./Audit.svelte') }],
  places: [{ path: '/audit', label: () => t.audit, icon: 'history', group: 'Studio', when: () => session.can('audit.view'), order: 210 }],
} satisfies Feature;
