/** A list of 100,000 rows: what stands in the page while one scrolls, and how soon the search answers. */
import { Visit } from './browser.mjs';
import { test, truth } from './runner.mjs';

const insert = `
  INSERT INTO projects_client (id, name, address, currency)
  SELECT gen_random_uuid(), (ARRAY['Savanna', 'Lake', 'Hill', 'Nile', 'Crane'])[n % 5 + 1] || ' Traders ' || n, 'Plot ' || n || ', Kampala', 'UGX'
  FROM generate_series(1, 100000) AS n;
  ANALYZE projects_client;`;
const middle = (all) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)];

export function manyRows(world) {
  test('many rows', 'a list of 100,000: at most 100 in the page, the search within 150 ms', async () => {
    await world.studio.sql(insert);
    const visit = await Visit.begin(world.browser, world.studio);
    await visit.enter('boss', 'a-password-of-the-tests');
    await visit.go('/clients?ordering=-name');
    let most = 0;
    let deepest = 0;
    for (let step = 0; step < 60; step++) {
      await visit.page.locator('#content').evaluate((content) => (content.scrollTop = content.scrollHeight));
      await visit.page.waitForTimeout(60);
      const rows = await visit.page.locator('[data-row]').evaluateAll((all) => [all.length, Number(all.at(-1)?.dataset.row ?? 0)]);
      most = Math.max(most, rows[0]);
      deepest = Math.max(deepest, rows[1]);
    }
    const times = [];
    for (const word of ['savanna', 'crane 4711', 'lake 99', 'nile traders 12345', 'hill', 'plot 777', 'traders 50000', 'crane', 'kampala', 'savana']) {
      const begin = Date.now();
      const answered = visit.page.waitForResponse((response) => response.url().includes(`search=${encodeURIComponent(word).replace(/%20/g, '+')}`) || decodeURIComponent(response.url()).replace(/\+/g, ' ').includes(`search=${word}`));
      await visit.page.locator('#list-search').fill(word);
      const response = await answered;
      await response.finished();
      const { requestStart, responseEnd } = response.request().timing();
      times.push(responseEnd - Math.max(requestStart, 0));
      void begin;
    }
    console.log(`a list of 100,000 rows: at most ${most} in the page down to row ${deepest}, the search answered in ${middle(times).toFixed(0)} ms (median of ${times.length})`);
    truth(most > 0 && most <= 100, `${most} rows stood in the page`);
    truth(deepest > 300, `scrolling came to row ${deepest} only`);
    truth(middle(times) <= 150, `the search answered in ${times.map(Math.round).join(', ')} ms`);
    await visit.end();
  });
}
