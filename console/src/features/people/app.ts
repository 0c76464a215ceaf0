import type { Feature } from '../../core/features';
import { messages } from '../../core/i18n.svelte';
import { knownMeta, may } from '../../core/meta';
import { go } from '../../core/router.svelte';
import { session } from '../../core/session.svelte';

const t = messages('people.place', {
  people: 'People', roles: 'Who may do what', why: 'Why may I, or may I not…', invite: 'Invite somebody', viewAs: 'Look at the studio as somebody else', goTo: 'Go to', create: 'Create', general: 'General',
  inviteWords: 'add user colleague account join', whyWords: 'permission right access denied allowed', viewWords: 'view as impersonate',
});
const sees = () => session.can('users.view_all');

export default {
  screens: [
    { path: '/users', load: () => import('./People.svelte') },
    { path: '/users/:id/:tab?', load: () => import('./Person.svelte') },
    { path: '/invitations', load: () => import('./Invitations.svelte') },
    { path: '/permissions/why', load: () => import('./Why.svelte') },
    { path: '/permissions/:part?', load: () => import('./Permissions.svelte') },
  ],
  places: [
    { path: '/users', label: () => t.people, icon: 'users', group: 'People', when: sees },
    { path: '/permissions', label: () => t.roles, icon: 'shield', group: 'People', when: sees },
  ],
  commands: () => [
    ...(may(knownMeta(), 'users.invitation', 'create')
      ? [{ id: 'invite', label: t.invite, group: t.create, icon: 'user-plus', words: t.inviteWords, keys: 'i', run: () => go('/invitations?invite=1') }]
      : []),
    { id: 'why', label: t.why, group: t.goTo, icon: 'help', words: t.whyWords, run: () => go('/permissions/why') },
    ...(session.can('users.view_as') && !session.me?.viewed_by
      ? [{ id: 'view-as', label: t.viewAs, group: t.general, icon: 'eye', words: t.viewWords, run: () => go('/users?view-as=1') }]
      : []),
  ],
} satisfies Feature;
