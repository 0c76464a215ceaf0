/**
 * Every screen and who looks at it. A new screen is one line here. `:id` is the first row that the person sees of the model before it;
 * behind a blank stands the name of what to press before one looks, as the button or link is called (in every language: `data-`, `#` or a role).
 */
export const screens = {
  nobody: ['/login', '/register', '/reset-password', '/verify?resend=1', '/join', '/confirm-address', '/verify#token=none'],
  staff: [
    '/', '/projects', '/projects?view=calendar', '/projects/:id', '/projects/:id/talk', '/milestones', '/milestones/:id', '/account', '/account/security',
    '/account/sessions', '/account/tokens', '/account/data', '/search?q=film', '/sessions', '/users', '/users/:id', '/permissions/why',
  ],
  manager: [
    '/', '/projects?new=1', '/projects?view=board', '/projects/:id/edit', '/projects/:id/milestones', '/projects/:id/people', '/projects/:id/files',
    '/projects/:id/activity', '/milestones?new=1', '/milestones?view=calendar', '/clients', '/clients/:id', '/clients/:id/people', '/clients/:id/talk', '/clients/:id/files',
    '/clients/:id/activity', '/clients/:id/edit', '/clients?new=1', '/projects?deleted=true', '/projects?status=on_hold&search=nothing-fits-this',
  ],
  admin: [
    '/', '/users', '/users?import=1', '/users/:id', '/users/:id/access', '/users/:id/edit', '/users/:id/history', '/users?view-as=1', '/invitations', '/invitations?invite=1',
    '/permissions', '/permissions/why', '/audit', '/operations', '/operations/jobs', '/operations/mails', '/departments', '/branches', '/designations', '/user-imports',
    '/members', '/account/security', '/nothing/that/there/is', '/projects/00000000-0000-7000-8000-000000000000',
  ],
  finance: ['/', '/clients', '/clients/:id', '/projects', '/account'],
  content: ['/', '/projects/:id', '/milestones/:id/edit'],
  digital: ['/', '/milestones', '/account/security'],
  field: ['/', '/projects', '/milestones'],
  client: ['/', '/projects', '/projects/:id', '/projects/:id/talk', '/projects/:id/milestones', '/milestones', '/milestones/:id', '/account', '/search?q=film'],
};

export const combinations = ['desktop', 'phone'].flatMap((size) => ['light', 'dark'].flatMap((theme) => ['en', 'sw'].map((language) => ({ size, theme, language }))));

/** The address with the id of a row in it; null where the person sees no such row. */
export async function addressOf(visit, pattern) {
  if (!pattern.includes('/:id')) return pattern;
  const [model] = pattern.split('/:id');
  const { results } = await visit.ask('GET', `${model}?page_size=1&count=none`);
  return results.length ? pattern.replace(':id', results[0].id) : null;
}
