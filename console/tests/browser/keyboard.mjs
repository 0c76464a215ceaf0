/** Everything by keys alone: no test here touches the pointer. */
import { Visit } from './browser.mjs';
import { same, test, truth } from './runner.mjs';
import { password } from './studio.mjs';

const focused = (page) => page.evaluate(() => {
  const at = document.activeElement;
  if (!at || at === document.body) return 'the page';
  return at.getAttribute('aria-label') ?? (at.labels?.[0]?.textContent?.replace(/\s*\*$/, '') || at.textContent?.trim() || at.tagName);
});

/** Tab until the focus is where one wants it; what lies on the way must show that it has the focus. */
async function tabTo(page, wanted, most = 60) {
  const passed = [];
  for (let step = 0; step < most; step++) {
    const at = await focused(page);
    if (wanted.test(at)) return;
    passed.push(at);
    await page.keyboard.press('Tab');
    const isSeen = await page.evaluate(() => {
      const at = document.activeElement;
      if (!at || at === document.body) return true;
      // The parts within a date have their own sign, which no style of the page tells.
      if (/^(date|datetime-local|time)$/.test(at.type)) return true;
      const { outlineStyle, boxShadow } = getComputedStyle(at);
      return outlineStyle !== 'none' || boxShadow !== 'none' || at.matches('main, dialog, h1, [tabindex="-1"]');
    });
    truth(isSeen, `nothing shows that “${await focused(page)}” has the focus`);
  }
  throw new Error(`Tab does not reach ${wanted}: ${passed.join(' → ')}`);
}

function keys(world, name, run, { signedIn = true, at = '/projects' } = {}) {
  test('keyboard', name, async () => {
    const visit = await Visit.begin(world.browser, world.studio);
    if (signedIn) {
      await visit.enter('esther');
      await visit.go(at);
    }
    await run(visit, visit.page);
    await visit.end();
  });
}

export function keyboards(world) {
  keys(world, 'signing in', async (visit, page) => {
    visit.expect(/status of 40[01]/);
    await page.goto('/login');
    await page.locator('[name=username]').waitFor();
    await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'username');
    await page.keyboard.type('esther');
    await tabTo(page, /^Password$/);
    await page.keyboard.type('not the password');
    await page.keyboard.press('Enter');
    await page.getByText("don't fit together").waitFor();
    await tabTo(page, /^Password$/);
    await page.keyboard.press('Control+a');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.locator('#content h1').waitFor();
    await visit.settled();
    await page.keyboard.press('Tab');
  }, { signedIn: false });

  keys(world, 'the list: along its rows, searched, sorted, opened', async (visit, page) => {
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    same(await page.evaluate(() => document.activeElement?.closest('[data-row]')?.dataset.row), '1', 'the row after two steps');
    const name = await focused(page);
    await page.keyboard.press('k');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.locator('dialog').getByRole('heading', { name }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    same(await focused(page), name, 'what has the focus after closing');
    await page.keyboard.press('/');
    await page.keyboard.type('zzz-nothing');
    await page.getByText('Nothing fits').waitFor();
    await tabTo(page, /^Clear filters$/);
    await page.keyboard.press('Enter');
    await page.locator('[data-row="1"]').waitFor();
    await tabTo(page, /^Name/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/ordering=-?name/);
  }, { at: '/milestones' });

  keys(world, 'a record: its parts, its menu, and back', async (visit, page) => {
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.locator('dialog nav').waitFor();
    await tabTo(page, /^Comments$/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/comments/);
    await tabTo(page, /^More$/);
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem').first().waitFor();
    await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'menuitem');
    await page.keyboard.press('End');
    await page.keyboard.press('Home');
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.activeElement?.getAttribute('aria-haspopup') === 'menu');
    for (let step = 0; step < 40; step++) {
      await page.keyboard.press('Tab');
      truth(await page.evaluate(() => document.activeElement === document.body || !!document.activeElement?.closest('dialog')), 'the focus left the record while it was open');
    }
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
  }, { at: '/milestones' });

  keys(world, 'a form: from its first field to what it made', async (visit, page) => {
    await page.keyboard.press('c');
    await page.locator('dialog form').waitFor();
    await tabTo(page, /^Code$/);
    await page.keyboard.type('KEYS-1');
    await tabTo(page, /^Name$/);
    await page.keyboard.type('Made by keys');
    await tabTo(page, /^Client$/);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Escape');
    truth(await page.locator('dialog form').isVisible(), 'Escape of the choices closed the form');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('heading', { name: /Made by keys/ }).waitFor();
    await tabTo(page, /^Edit$/);
    await page.keyboard.press('Enter');
    await tabTo(page, /^Name$/);
    await page.keyboard.press('End');
    await page.keyboard.type(', twice');
    await tabTo(page, /^Save$/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /Made by keys, twice/, level: 1 }).waitFor();
  });

  keys(world, 'the palette, the help and the keys to go', async (visit, page) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').waitFor();
    await page.keyboard.type('milestones');
    await page.getByRole('option', { name: /Milestones/ }).first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Escape');
    await page.getByRole('combobox').waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('g');
    await page.keyboard.press('d');
    await page.waitForURL((url) => url.pathname === '/');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('my account');
    await page.getByRole('option', { name: /My account/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/account/);
  });
}
