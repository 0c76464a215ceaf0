import type { Feature } from '../../core/features';

export default { screens: [{ path: '/search', load: () => import('./Search.svelte') }] } satisfies Feature;
