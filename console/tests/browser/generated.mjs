/** What the console makes of a model by itself: place, list, form, record, history, search, changes of many rows, a verb. */
import { Visit } from './browser.mjs';
import { control, said } from './journeys.mjs';
import { same, test, truth } from './runner.mjs';

/** `owner` names whom new rows belong to, where the model asks for that; `verb` what may be done to a row. */
export async function appears(visit, { path, plural, owner, verb }) {
  const { page } = visit;
  await visit.go('/');
  await page.locator('aside nav').getByRole('link', { name: plural, exact: true }).click();
  await page.getByRole('heading', { level: 1, name: plural }).waitFor();
  for (const name of ['First of its kind', 'Second of its kind']) {
    await page.keyboard.press('c');
    await control(page, 'name').fill(name);
    if (owner) {
      await control(page, 'owner').fill(owner);
      await page.getByRole('option', { name: owner }).first().click();
    }
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.locator('dialog').getByRole('heading', { name }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
  }
  await page.getByRole('link', { name: 'Second of its kind' }).click();
  if (verb) await page.locator('dialog').getByRole('button', { name: verb }).click();
  await page.getByRole('button', { name: 'Edit' }).click();
  await control(page, 'name').fill('Second, renamed');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('dialog').getByRole('heading', { name: 'Second, renamed' }).waitFor();
  await page.getByRole('link', { name: 'History' }).click();
  await page.locator('dialog').getByText('Second of its kind').first().waitFor();
  same(await visit.faults(), [], 'the history');
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
  await removeBoth(visit, path);
}

/** Both rows at once, which says before how many they are. */
async function removeBoth(visit, path) {
  const { page } = visit;
  for (const name of ['First of its kind', 'Second, renamed']) await page.locator('tr', { hasText: name }).getByRole('checkbox').check();
  const bar = page.getByRole('region', { name: 'Chosen rows' });
  await bar.getByText('2 chosen').waitFor();
  same(await visit.faults(), [], 'the list with chosen rows');
  await bar.getByRole('button', { name: /^(Delete|Move to trash)$/ }).click();
  await page.getByText('2 rows will go.').waitFor();
  same((await visit.ask('GET', `${path}?page_size=200`)).results.filter((row) => / of its kind|, renamed/.test(row.name)).length, 2, 'rows while one is asked');
  await page.getByRole('button', { name: 'Do it' }).click();
  await said(page, /^2 rows (deleted|moved to the trash)/);
  await page.locator('tr', { hasText: 'Second, renamed' }).waitFor({ state: 'detached' });
  truth(!(await visit.ask('GET', `${path}?page_size=200`)).results.some((row) => row.name === 'Second, renamed'), 'the studio has the row still');
}

export function generated({ browser, studio }) {
  test('generated', 'a model that no screen knows has list, form, record, history and bulk', async () => {
    const visit = await Visit.begin(browser, studio);
    await visit.enter('boss', 'a-password-of-the-tests');
    await appears(visit, { path: '/designations', plural: 'Designations' });
    await visit.end();
  });
}
