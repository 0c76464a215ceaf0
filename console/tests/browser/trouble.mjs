/** What goes wrong in real days: impatient fingers, two tabs, sessions that end, networks that fail, two people at once, hostile texts. */
import { Visit, sizes } from './browser.mjs';
import { hostile } from './hostile.mjs';
import { control, said } from './journeys.mjs';
import { same, test, truth } from './runner.mjs';

// Nobody of the other tests: these see the console in English.
const person = 'patience';

function trouble(world, name, run, options = {}) {
  test('trouble', name, async () => {
    const visit = await Visit.begin(world.browser, world.studio, options);
    await visit.enter(person);
    await run(visit, visit.page);
    await visit.end();
  });
}

async function newProject(page, code, name) {
  await page.goto('/projects?new=1');
  await control(page, 'code').fill(code);
  await control(page, 'name').fill(name);
}
const create = (page) => page.getByRole('button', { name: 'Create', exact: true });
const projects = async (visit, code) => (await visit.ask('GET', `/projects?code=${code}`)).results;

/** Requests of this kind that the page sends from now on. */
function sentBy(page, method, path) {
  const sent = [];
  page.on('request', (request) => {
    if (request.method() === method && new URL(request.url()).pathname === `/api/v1${path}`) sent.push(request);
  });
  return sent;
}

export function troubles(world) {
  trouble(world, 'a double click sends once', async (visit, page) => {
    await newProject(page, 'TWICE-1', 'Pressed twice');
    const sent = sentBy(page, 'POST', '/projects');
    await page.route('**/api/v1/projects', async (route) => {
      await new Promise((wake) => setTimeout(wake, 400));
      await route.continue();
    });
    await create(page).dblclick();
    await page.getByRole('heading', { name: /Pressed twice/ }).waitFor();
    same([sent.length, (await projects(visit, 'TWICE-1')).length], [1, 1], 'requests and rows');
  });

  trouble(world, 'back and forward go where one was', async (visit, page) => {
    await visit.ask('POST', '/projects', { code: 'BACK-1', name: 'There and back' });
    await visit.go('/projects?search=there');
    await page.getByRole('link', { name: 'There and back' }).first().click();
    await page.getByRole('heading', { name: /There and back/, level: 1 }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: /^Projects/, level: 1 }).waitFor();
    same(new URL(page.url()).search, '?search=there', 'the search after going back');
    await page.goForward();
    await page.getByRole('heading', { name: /There and back/, level: 1 }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: /There and back/, level: 1 }).waitFor();
    await page.keyboard.press('Escape');
    await page.waitForURL(/\/projects(\?|$)/);
  });

  trouble(world, 'who signs out in one tab is out in the other', async (visit, page) => {
    await visit.go('/projects');
    const other = await visit.open();
    await other.goto('/projects');
    await visit.settled(other);
    await page.locator('button.me:visible').click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL('**/login');
    await other.waitForURL(/\/login/);
    await other.locator('[name=username]').waitFor();
    same(await other.locator('[data-row]').count(), 0, 'rows that the other tab still shows');
  });

  trouble(world, 'a session that ends in the middle of a form costs nothing', async (visit, page) => {
    visit.expect(/status of (401|403)/);
    await newProject(page, 'ENDED-1', 'The session ended');
    await visit.context.clearCookies();
    await create(page).click();
    const over = page.getByRole('dialog', { name: 'Sign in again' });
    await over.locator('input[type=password]').fill('studio-demo-2026');
    await over.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: /The session ended/ }).waitFor();
    same((await projects(visit, 'ENDED-1')).length, 1, 'rows');
  });

  trouble(world, 'what was typed is there again after the page was closed', async (visit, page) => {
    await newProject(page, 'DRAFT-1', 'Half a project');
    await page.reload();
    await said(page, 'What you typed last time is here again.');
    same(await control(page, 'name').inputValue(), 'Half a project', 'the name');
    await page.getByRole('button', { name: 'Discard draft' }).click();
    same(await control(page, 'name').inputValue(), '', 'the name after discarding');
  });

  trouble(world, 'without a network a form says so and goes on once there is one', async (visit, page) => {
    visit.expect(/ERR_INTERNET_DISCONNECTED/);
    await newProject(page, 'AWAY-1', 'Sent later');
    await visit.context.setOffline(true);
    await create(page).click();
    await page.locator('form').getByText(/network|reached|connection/i).first().waitFor({ timeout: 20_000 });
    same(await control(page, 'name').inputValue(), 'Sent later', 'the name meanwhile');
    await visit.context.setOffline(false);
    await create(page).click();
    await page.getByRole('heading', { name: /Sent later/ }).waitFor();
    same((await projects(visit, 'AWAY-1')).length, 1, 'rows');
  });

  trouble(world, 'an answer that got lost on the way makes no second row', async (visit, page) => {
    visit.expect(/ERR_FAILED/);
    await newProject(page, 'LOST-1', 'Answered into the void');
    const sent = sentBy(page, 'POST', '/projects');
    let lost = 0;
    await page.route('**/api/v1/projects', async (route) => {
      if (lost++) return route.continue();
      await route.fetch();
      await route.abort('failed');
    });
    await create(page).click();
    await page.getByRole('heading', { name: /Answered into the void/ }).waitFor();
    same(new Set(sent.map((request) => request.headers()['idempotency-key'])).size, 1, 'keys');
    same([sent.length, (await projects(visit, 'LOST-1')).length], [2, 1], 'requests and rows');
  });

  trouble(world, 'two people change one field: both see both', async (visit, page) => {
    visit.expect(/status of 412/);
    const row = await visit.ask('POST', '/projects', { code: 'BOTH-1', name: 'As it was' });
    await visit.go(`/projects/${row.id}/edit`);
    await control(page, 'name').fill('As I want it');
    await visit.ask('PATCH', `/projects/${row.id}`, { name: 'As they want it' });
    await page.getByRole('button', { name: 'Save' }).click();
    const both = page.getByRole('alert', { name: 'Somebody changed this meanwhile' });
    await both.getByText('As they want it').waitFor();
    await both.getByText('As I want it').waitFor();
    same(await visit.faults(), [], 'the two beside each other');
    same((await projects(visit, 'BOTH-1'))[0].name, 'As they want it', 'what is stored before one chose');
    await both.getByRole('button', { name: 'Keep yours' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: /As I want it/ }).waitFor();
    same((await projects(visit, 'BOTH-1'))[0].name, 'As I want it', 'what is stored');
  });

  trouble(world, 'two people change two fields: both hold', async (visit, page) => {
    visit.expect(/status of 412/);
    const row = await visit.ask('POST', '/projects', { code: 'EACH-1', name: 'Mine' });
    await visit.go(`/projects/${row.id}/edit`);
    await control(page, 'name').fill('Mine, better');
    await visit.ask('PATCH', `/projects/${row.id}`, { priority: 'urgent' });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: /Mine, better/ }).waitFor();
    const [stored] = await projects(visit, 'EACH-1');
    same([stored.name, stored.priority], ['Mine, better', 'urgent'], 'what is stored');
  });

  hostileTests(world);
}

function hostileTests({ browser, studio }) {
  const forms = ['/projects?new=1', '/clients?new=1', '/milestones?new=1', '/users?new=1', '/invitations?new=1', '/branches?new=1', '/account'];
  for (const form of forms)
    test('hostile', `texts in every field of ${form}`, async () => {
      const visit = await asBoss(browser, studio);
      await visit.go(form);
      for (const [name, text] of Object.entries(hostile)) {
        await typeEverywhere(visit.page, text);
        await mustBeHarmless(visit, `${form}, ${name}`);
      }
      await visit.page.locator('main form, dialog form').locator('button[type=submit]').first().click({ force: true }).catch(() => {});
      await mustBeHarmless(visit, `${form} as it was refused`);
      await visit.end();
    });

  test('hostile', 'texts that are stored, in lists, records, history, search and messages', async () => {
    const visit = await asBoss(browser, studio);
    const client = await storeAll(visit);
    const screens = ['/clients?ordering=-created_at', `/clients/${client.id}`, `/clients/${client.id}/activity`, `/clients/${client.id}/talk`, `/clients/${client.id}/people`, `/clients/${client.id}/files`,
      `/clients/${client.id}/edit`, '/search?q=window', '/clients?search=<script>'];
    for (const size of ['desktop', 'phone', 'narrow']) {
      await visit.page.setViewportSize(sizes[size]);
      for (const address of screens) {
        await visit.go(address);
        await mustBeHarmless(visit, `${address}, ${size}`);
      }
    }
    same(await studioHasRows(studio), true, 'the table of clients is there');
    await visit.end();
  });
}

async function asBoss(browser, studio) {
  const visit = await Visit.begin(browser, studio);
  visit.expect(/status of (400|422|409|404)/);
  await visit.enter('boss', 'a-password-of-the-tests');
  return visit;
}

/** Into each control, as a keyboard or the clipboard would bring it. */
async function typeEverywhere(page, text) {
  const controls = page.locator('main form, dialog form').locator('input:not([type=hidden]):not([type=checkbox]):not([type=file]), textarea');
  for (const one of await controls.all()) {
    if (!(await one.isVisible()) || !(await one.isEditable())) continue;
    await one.evaluate((element) => { element.focus(); element.select?.(); });
    await page.keyboard.insertText(text);
  }
}

async function mustBeHarmless(visit, where) {
  same(await visit.page.evaluate(() => window.ran), [], `${where}: what ran`);
  same(await visit.overflow(), [], `${where}: what is out of shape`);
  truth(await visit.page.locator('body').isVisible(), `${where}: the page is gone`);
}

/** One client for each text, and the last with comments and files of them all. */
async function storeAll(visit) {
  let client;
  for (const text of Object.values(hostile)) {
    const line = text.slice(0, 100);
    client = await visit.ask('POST', '/clients', { name: line, notes: text, address: text, tags: [text.replace(/\s+/g, '').slice(0, 30).toLowerCase()] }).catch(() => client);
    if (!client) continue;
    await visit.ask('POST', '/comments', { on_model: 'projects.client', on_row: client.id, body: text }).catch(() => null);
  }
  const newest = (await visit.ask('GET', '/clients?ordering=-created_at&page_size=1')).results[0] ?? client;
  for (const text of Object.values(hostile)) {
    await visit.ask('POST', '/comments', { on_model: 'projects.client', on_row: newest.id, body: text }).catch(() => null);
    await visit.ask('PATCH', `/clients/${newest.id}`, { notes: text }).catch(() => null);
  }
  return newest;
}

const studioHasRows = async (studio) => Number(await studio.sql('SELECT count(*) FROM projects_client')) >= 8;
