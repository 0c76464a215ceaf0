/** Runs tests, a few at a time, and counts them. Those of one group run in their order, one after the other. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './studio.mjs';

const groups = new Map();
const results = { passed: 0, failures: [] };
const pictures = join(root, 'build/console-failures');

/** What the present test has open: visits that must end with it, and be seen where it fails. */
export const present = new AsyncLocalStorage();

/** `group` names what shares rows: its tests must not run at once. */
export function test(group, name, run) {
  if (!groups.has(group)) groups.set(group, []);
  groups.get(group).push({ name: `${group}: ${name}`, run });
}

export async function runAll({ only = [], atOnce = 2, limit = 60_000 } = {}) {
  const waiting = [...groups]
    .map(([group, tests]) => tests.filter(({ name }) => !only.length || only.some((word) => name.includes(word) || group === word)))
    .filter((tests) => tests.length);
  const worker = async () => {
    for (let tests = waiting.shift(); tests; tests = waiting.shift()) for (const one of tests) await runOne(one, limit);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

async function runOne({ name, run }, limit) {
  const begin = Date.now();
  const visits = new Set();
  let timer;
  const tooLong = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took more than ${limit / 1000} s`)), limit);
  });
  try {
    await Promise.race([present.run(visits, run), tooLong]);
    results.passed++;
    if (process.env.TAMITI_TEST_VERBOSE) console.log(`ok      ${name} (${((Date.now() - begin) / 1000).toFixed(1)} s)`);
  } catch (fault) {
    results.failures.push(name);
    console.log(`failed  ${name} (${((Date.now() - begin) / 1000).toFixed(1)} s)\n${indented(fault.stack ?? String(fault))}`);
    await leave(name, visits);
  } finally {
    clearTimeout(timer);
  }
}

/** Ends what a failed test left open, with a picture of each page. */
async function leave(name, visits) {
  mkdirSync(pictures, { recursive: true });
  for (const [index, visit] of [...visits].entries()) {
    const file = join(pictures, `${name.replace(/[^a-z0-9]+/gi, '-').slice(0, 80)}-${index + 1}.png`);
    await visit.page?.screenshot({ path: file, timeout: 3000 }).then(() => console.log(`    as it was: ${file}`), () => {});
    await visit.context.close().catch(() => {});
  }
}

const indented = (text) => text.split('\n').filter((line) => !/node:internal|node_modules/.test(line)).slice(0, 24).map((line) => `    ${line}`).join('\n');

/** Throws with both values where they differ. */
export function same(found, wanted, what) {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`${what}: found ${a}, wanted ${b}`);
}
export function truth(condition, what) {
  if (!condition) throw new Error(what);
}
