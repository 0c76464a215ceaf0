/** Every screen as people see it: what axe finds, what lies out of view, what the browser's console says. */
import { Visit, sizes } from './browser.mjs';
import { test } from './runner.mjs';
import { addressOf, combinations, screens } from './screens.mjs';

/** One combination for each screen, spread over them all; or every combination, and twice the size of text. */
export function looks(world, { all = false } = {}) {
  Object.entries(screens).forEach(([role, patterns], turn) => {
    for (const { size, theme, language } of all ? combinations : ownCombinations(turn)) {
      const shown = all ? patterns : patterns.filter((_, index) => index % 2 === (language === 'en' ? 0 : 1));
      for (const large of all && size === 'desktop' && language === 'en' ? [false, true] : [false])
        test(`as ${role}`, `every screen, ${size}, ${theme}, ${language}${large ? ', text of 200 %' : ''}`, () => lookAt(world, role, shown, { size, theme, language, large }));
    }
  });
}

/** Two for each role: one language each, the sizes and themes in turn. */
function ownCombinations(turn) {
  const [size, other] = turn % 2 ? ['phone', 'desktop'] : ['desktop', 'phone'];
  const [theme, opposite] = turn & 2 ? ['dark', 'light'] : ['light', 'dark'];
  return [{ size, theme, language: 'en' }, { size: other, theme: opposite, language: 'sw' }];
}

async function lookAt({ browser, studio }, role, patterns, { size, theme, language, large }) {
  const visit = await Visit.begin(browser, studio, { size, theme, locale: language });
  // What is asked for on purpose and is not there.
  visit.expect(/status of (404|400|410)/);
  if (role !== 'nobody') {
    await visit.enter(role);
    const { version } = await visit.ask('GET', '/users/me');
    void version;
    await visit.ask('PATCH', '/users/me', { language });
  }
  const found = [];
  for (const pattern of patterns) {
    const address = await addressOf(visit, pattern);
    if (!address) continue;
    const note = (faults) => found.push(...faults.map((fault) => `${pattern}: ${fault}`));
    try {
      await visit.go(address);
      if (large) await visit.page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
      note(await visit.faults({ exceptTables: large }));
      if (!large && size === 'phone') note(await narrowFaults(visit, size));
    } catch (fault) {
      note([fault.message.split('\n').slice(0, 3).join(' ')]);
    }
    note(visit.heard());
  }
  await visit.end();
  if (found.length) throw new Error(found.join('\n'));
}

async function narrowFaults(visit, size) {
  await visit.page.setViewportSize(sizes.narrow);
  const faults = await visit.overflow();
  await visit.page.setViewportSize(sizes[size]);
  return faults.map((fault) => `at 320 px ${fault}`);
}
