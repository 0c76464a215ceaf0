/** How long the console takes on a slow phone and network, and what it weighs. Prints its figures last; fails where one is too high. */
import { sizes, launch } from './browser.mjs';
import { password, Studio, startServers } from './studio.mjs';

const limits = { first: 5000, again: 2500, load: 80, screen: 30 };
// Slow 4G as Chromium's own tools have it, and a network that is hardly one; bytes a second, milliseconds.
const slow4g = { downloadThroughput: 1.6e6 / 8, uploadThroughput: 0.75e6 / 8, latency: 150 };
const hardly = { downloadThroughput: 250e3 / 8, uploadThroughput: 250e3 / 8, latency: 150 };
const times = Number(process.env.TAMITI_PROOF_TIMES ?? 5);
// Ways from home, where the first load is behind: what each step adds.
const ways = [['/projects', '/projects?new=1'], ['/milestones'], ['/users'], ['/account', '/account/security', '/account/tokens'], ['/search?q=film']];

const servers = await startServers();
const studio = await Studio.start(servers);
process.once('exit', () => studio.process.kill());
const browser = await launch();
const firsts = [];
const agains = [];
let loads = [];
let heaviest = { bytes: 0, address: '' };
for (let turn = 0; turn < times; turn++) {
  const { context, page, wire } = await person();
  await throttle(page, slow4g);
  firsts.push(await visit(page));
  if (!turn) loads = wire.splice(0);
  // Let the worker put by what it keeps, and the answers come to rest.
  await page.waitForTimeout(1500);
  await page.close();
  const second = await context.newPage();
  await throttle(second, hardly);
  agains.push(await visit(second));
  await context.close();
}
for (const steps of ways) {
  // Without the worker, which would have put by what is weighed.
  const { context, page, wire } = await person({ serviceWorkers: 'block' });
  await visit(page);
  await page.waitForTimeout(1000);
  for (const address of steps) {
    wire.length = 0;
    await page.evaluate((to) => { history.pushState({ inside: true }, '', to); dispatchEvent(new PopStateEvent('popstate')); }, address);
    await page.waitForTimeout(1000);
    const bytes = assets(wire);
    if (bytes > heaviest.bytes) heaviest = { bytes, address };
  }
  await context.close();
}
await browser.close();
await studio.stop();
process.exit(report());

/** Somebody who is signed in and has never been here: nothing in the cache. */
async function person(options = {}) {
  const context = await browser.newContext({ baseURL: studio.address, viewport: sizes.phone, hasTouch: true, isMobile: true, ...options });
  const answer = await context.request.post('/api/v1/auth/cookie', { data: { username: 'content', password }, headers: { Origin: studio.address } });
  if (!answer.ok()) throw new Error(`signing in answered ${answer.status()}`);
  const page = await context.newPage();
  const wire = [];
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  // When a response is announced its head has come: what comes behind it is what was packed.
  const heads = new Map();
  devtools.on('Network.responseReceived', ({ requestId, response }) => heads.set(requestId, { path: new URL(response.url).pathname, bytes: response.encodedDataLength }));
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const head = heads.get(requestId) ?? { path: '', bytes: 0 };
    wire.push({ path: head.path, bytes: Math.max(0, encodedDataLength - head.bytes) });
  });
  return { context, page, wire };
}

async function throttle(page, network) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', { offline: false, ...network });
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
}

/** Until the first rows of home stand there and a press on one is heard. */
async function visit(page) {
  const begin = Date.now();
  await page.goto('/', { waitUntil: 'commit' });
  const row = page.locator('#content li a').first();
  await row.waitFor({ timeout: 30_000 });
  await row.click({ trial: true, timeout: 30_000 });
  return Date.now() - begin;
}

/** What a load of the program's own weighs as it comes over the wire; answers of the API and the fonts, which come later, aside. */
function assets(wire) {
  return wire.filter(({ path }) => !/^\/api\/|\.woff2$/.test(path)).reduce((sum, { bytes }) => sum + bytes, 0);
}

function report() {
  const middle = (all) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)];
  const load = Math.round(assets(loads) / 100) / 10;
  const screen = Math.round(heaviest.bytes / 100) / 10;
  console.log(`first visits   ${firsts.join(', ')} ms`);
  console.log(`second visits  ${agains.join(', ')} ms`);
  const figures = [
    ['usable on slow 4G', middle(firsts), limits.first, 'ms'], ['again at 250 kbit/s', middle(agains), limits.again, 'ms'],
    ['first load', load, limits.load, 'kB'], [`heaviest screen (${heaviest.address})`, screen, limits.screen, 'kB'],
  ];
  const faults = figures.filter(([, value, limit]) => !(value > 0 && value <= limit));
  console.log(`${figures.map(([name, value, limit, unit]) => `${name} ${value} of ${limit} ${unit}`).join(', ')}: ${faults.length ? 'does not hold' : 'holds'}`);
  return faults.length ? 1 : 0;
}
