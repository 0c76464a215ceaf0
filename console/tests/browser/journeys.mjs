/** What each role does most, from signing in to signing out. */
import { sizes, Visit } from './browser.mjs';
import { same, test, truth } from './runner.mjs';

/** Signs in by the form, sees home, does it and signs out: then nothing of the person is left in the browser. */
function journey(world, role, name, size, run) {
  test(`as ${role}`, name, async () => {
    const visit = await Visit.begin(world.browser, world.studio, { size });
    await visit.signIn(role);
    await visit.settled();
    same(await visit.faults(), [], 'home');
    await run(visit, visit.page);
    await signOut(visit, size);
    await visit.end();
  });
}

async function signOut(visit, size) {
  const { page } = visit;
  await page.setViewportSize(sizes[size]);
  await page.goto('/');
  await visit.settled();
  if (size === 'phone') await page.locator('nav.tabs button').last().click();
  await page.locator('button.me:visible').click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.waitForURL('**/login');
  await page.locator('[name=username]').waitFor();
  same(await page.evaluate(() => Object.keys(localStorage).filter((key) => /person|draft/.test(key))), [], 'what the browser keeps of who signed out');
  same((await visit.context.cookies()).filter(({ name }) => /access|refresh/.test(name)), [], 'cookies after signing out');
}

/** The control of a generated form's field. */
export const control = (page, name) => page.locator(`[data-field="${name}"]`).locator('input, textarea, select').first();

/** Chooses in a combobox by what one types. */
export async function pick(page, name, text) {
  await control(page, name).fill(text);
  await page.getByRole('option', { name: text }).first().click();
}

export const said = (page, text) => page.getByText(text).first().waitFor();

/** The studio finishes something of the demo client's. */
async function finishOne({ browser, studio }) {
  const visit = await Visit.begin(browser, studio);
  await visit.enter('boss', 'a-password-of-the-tests');
  const { results } = await visit.ask('GET', '/milestones?project__code=NBC-FILM&completed_at__isnull=true');
  await visit.ask('PATCH', `/milestones/${results[0].id}`, { shared_with_client: true });
  await visit.ask('POST', `/milestones/${results[0].id}/complete`, {});
  await visit.end();
}

export function journeys(world) {
  journey(world, 'staff', 'comments on a project from a phone', 'phone', async (visit, page) => {
    const { results } = await visit.ask('GET', '/projects?owner=me&page_size=1');
    await page.locator('nav.tabs a', { hasText: 'Projects' }).click();
    await page.getByRole('link', { name: results[0].name }).first().click();
    await page.getByRole('link', { name: 'Talk' }).click();
    await page.locator('[name=body]').fill('The proofs came back from the printer.');
    await page.getByRole('button', { name: 'Comment', exact: true }).click();
    await page.locator('li .body', { hasText: 'The proofs came back from the printer.' }).waitFor();
    same(await page.locator('[name=body]').inputValue(), '', 'the box after sending');
  });

  journey(world, 'manager', 'starts a project and changes it', 'desktop', async (visit, page) => {
    await page.goto('/projects');
    await page.getByRole('link', { name: 'New', exact: true }).click();
    await control(page, 'code').fill('WALK-1');
    await control(page, 'name').fill('A walk through the console');
    await pick(page, 'client', 'Nile Breeze Coffee');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { name: /A walk through the console/ }).waitFor();
    await page.getByRole('button', { name: 'Edit' }).click();
    await control(page, 'name').fill('A longer walk');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: /A longer walk/ }).waitFor();
    const { results } = await visit.ask('GET', '/projects?code=WALK-1&expand=client');
    same(results.map((row) => [row.name, row.client.name]), [['A longer walk', 'Nile Breeze Coffee']], 'what the studio has');
  });

  journey(world, 'admin', 'changes what a colleague is called and looks at who did', 'desktop', async (visit, page) => {
    const { results } = await visit.ask('GET', '/users?search=wasswa&page_size=1');
    await page.goto(`/users/${results[0].id}`);
    await page.getByRole('link', { name: 'Edit' }).click();
    await control(page, 'job_title').fill('Head of film');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Head of film').first().waitFor();
    await page.getByRole('link', { name: 'History' }).click();
    await page.locator('#content').getByText(/Grace Nakitto/).first().waitFor();
  });

  journey(world, 'finance', 'takes the list of clients along as a file', 'desktop', async (visit, page) => {
    await page.goto('/clients');
    await visit.settled();
    await page.getByRole('button', { name: 'More of this list' }).click();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Export as CSV' }).click()]);
    truth(/\.csv$/.test(file.suggestedFilename()), `the file is called ${file.suggestedFilename()}`);
  });

  journey(world, 'content', 'finishes a milestone on My day and takes it back', 'phone', async (visit, page) => {
    const mark = page.getByRole('button', { name: /^Mark “/ }).first();
    const name = /“(.*)”/.exec(await mark.getAttribute('aria-label'))[1];
    const done = async () => (await visit.ask('GET', `/milestones?owner=me&completed_at__isnull=false&search=${encodeURIComponent(name)}`)).count;
    const before = await done();
    await mark.click();
    await said(page, `“${name}” is done`);
    same(await done(), before + 1, 'finished milestones');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: `Mark “${name}” as done` }).first().waitFor();
    same(await done(), before, 'finished milestones after taking it back');
  });

  journey(world, 'digital', 'finds a project by the palette and keeps a view of the list', 'desktop', async (visit, page) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('harvest');
    await page.getByRole('option', { name: /Harvest campaign/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /Harvest campaign/ }).waitFor();
    await page.keyboard.press('Escape');
    await page.goto('/milestones');
    await page.locator('#list-search').fill('posts');
    await page.waitForURL(/search=posts/);
    await page.getByRole('link', { name: 'First posts approved' }).first().waitFor();
    same(await page.getByRole('link', { name: 'Script and storyboard' }).count(), 0, 'rows that do not fit');
  });

  journey(world, 'field', 'corrects the own profile without much of a network', 'phone', async (visit, page) => {
    await page.goto('/account');
    await visit.settled();
    await page.locator('[name=bio]').fill('Between Jinja and Gulu most weeks.');
    await page.getByRole('button', { name: 'Save' }).click();
    await said(page, 'Profile saved');
    same((await visit.ask('GET', '/users/me')).bio, 'Between Jinja and Gulu most weeks.', 'what the studio has');
  });

  journey(world, 'client', 'accepts what was finished and sees nothing internal', 'phone', async (visit, page) => {
    await finishOne(world);
    await page.reload();
    const waiting = page.locator('ul.waiting li').first();
    const name = await waiting.locator('strong').innerText();
    await waiting.getByRole('button', { name: 'Accept' }).click();
    await page.getByRole('button', { name: 'Accept it' }).click();
    await said(page, `“${name}” is accepted`);
    const { models } = await visit.ask('GET', '/meta');
    const internal = models.filter((model) => /users\.(department|branch|designation|invitation)/.test(model.name) && model.placed);
    same(internal.map((model) => model.name), [], 'parts that are the studio’s own');
    await page.goto('/users');
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    same(await page.getByText('Brian Okello').count(), 0, 'colleagues whom a client reads of');
  });
}
