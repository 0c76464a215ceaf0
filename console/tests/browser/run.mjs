/** The console in Chromium against the real program: `run.mjs [--all] [WORDS of tests to run]`. Prints `N passed, N failed`. */
import { launch } from './browser.mjs';
import { firstHour } from './first_hour.mjs';
import { generated } from './generated.mjs';
import { journeys } from './journeys.mjs';
import { keyboards } from './keyboard.mjs';
import { looks } from './looks.mjs';
import { manyRows } from './many.mjs';
import { runAll } from './runner.mjs';
import { Studio, startServers } from './studio.mjs';
import { troubles } from './trouble.mjs';

const words = process.argv.slice(2);
const all = words.includes('--all');

const servers = await startServers();
const studio = await Studio.start(servers, { begin: demoAndBoss });
const browser = await launch();
const world = { servers, studio, browser };
journeys(world);
looks(world, { all });
troubles(world);
keyboards(world);
firstHour(world);
generated(world);
if (all) manyRows(world);
process.once('exit', () => studio.process.kill());
let failures;
try {
  const results = await runAll({ only: words.filter((word) => !word.startsWith('--')), limit: all ? 180_000 : 90_000 });
  failures = results.failures;
  console.log(`${results.passed} passed, ${failures.length} failed`);
} finally {
  await browser.close();
  await studio.stop();
}
process.exit(failures?.length === 0 ? 0 : 1);

/** The demo studio, and an admin whom no journey uses. */
async function demoAndBoss(studio) {
  await studio.command('seed', '--demo');
  studio.environment.TAMITI_SUPERUSER_PASSWORD = 'a-password-of-the-tests';
  await studio.command('createsuperuser', '--username', 'boss', '--email', 'boss@studio.test');
}
