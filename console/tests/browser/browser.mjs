/** Chromium, and a person in front of it whose page must stay silent: no console error, no policy report, no failed script. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { present } from './runner.mjs';
import { password } from './studio.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 }, narrow: { width: 320, height: 640 } };

export function launch(more = []) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage', ...more],
  });
}

// Before any script of the page: notes reports of the policy, and what hostile texts would do.
const watch = () => {
  window.ran = [];
  addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} refused ${event.blockedURI} ${event.sample}`));
};

export class Visit {
  /** A browser of its own for one person. */
  static async begin(browser, studio, { size = 'desktop', theme = 'light', ...options } = {}) {
    const visit = new Visit();
    visit.studio = studio;
    visit.context = await browser.newContext({
      baseURL: studio.address, viewport: sizes[size], colorScheme: theme, hasTouch: size !== 'desktop', reducedMotion: 'reduce', locale: 'en-GB', ...options,
    });
    visit.context.setDefaultTimeout(10_000);
    present.getStore()?.add(visit);
    visit.said = [];
    visit.expected = [];
    await visit.context.addInitScript(watch);
    await visit.context.addInitScript({ content: `window.startAxe = () => { ${axeSource} };` });
    visit.page = await visit.open();
    return visit;
  }

  /** One more tab. */
  async open() {
    const page = await this.context.newPage();
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.said.push(`${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (fault) => this.said.push(`script: ${fault.message}`));
    return page;
  }

  /** What the browser may say in this test, such as that a request was refused which should be. */
  expect(...patterns) {
    this.expected.push(...patterns);
  }

  /** Signs in by the form, as people do. */
  async signIn(username, secret = password) {
    await this.page.goto('/login');
    await this.page.locator('[name=username]').fill(username);
    await this.page.locator('input[type=password]').fill(secret);
    await this.page.keyboard.press('Enter');
    await this.page.locator('#content h1').waitFor();
  }

  /** The same without its form, where that isn't what is looked at. */
  async enter(username, secret = password) {
    const headers = { Origin: this.studio.address };
    const answer = await this.context.request.post('/api/v1/auth/cookie', { data: { username, password: secret }, headers });
    if (!answer.ok()) throw new Error(`signing in as ${username} answered ${answer.status()}: ${await answer.text()}`);
  }

  /** A request of the API as this person. */
  async ask(method, path, data, more = {}) {
    const cookies = await this.context.cookies();
    const token = cookies.find((cookie) => cookie.name.endsWith('tamiti_csrf'))?.value ?? '';
    const answer = await this.context.request.fetch(`/api/v1${path}`, { method, data, headers: { 'X-CSRF-Token': token, Origin: this.studio.address, ...more } });
    if (!answer.ok()) throw new Error(`${method} ${path} answered ${answer.status()}: ${await answer.text()}`);
    return answer.status() === 204 ? null : await answer.json();
  }

  /** Goes to an address and waits until the screen has what it asked for. */
  async go(address) {
    await this.page.goto(address);
    await this.settled();
  }

  async settled(page = this.page) {
    await page.locator('h1').first().waitFor();
    await page.waitForFunction(() => !document.querySelector('[aria-busy=true]'));
    await page.waitForLoadState('networkidle');
    await page.waitForFunction(() => !document.querySelector('[aria-busy=true]') && !document.getAnimations().some((each) => each.playState === 'running' && each.effect?.getTiming().iterations === 1));
  }

  /** Faults of the screen that stands there: what axe finds, what is wider than the window. */
  async faults(options) {
    return [...(await this.axe()), ...(await this.overflow(options))];
  }

  async axe() {
    const found = await this.page.evaluate(async () => {
      if (!window.axe) window.startAxe();
      const { violations } = await window.axe.run(document, {
        resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      });
      return violations.map(({ id, help, nodes }) => `axe ${id}: ${help}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`);
    });
    return found;
  }

  /** What makes the page scroll sideways, or lies cut off in a part that should not. A table may, where text is large (WCAG 1.4.10). */
  overflow({ exceptTables = false } = {}) {
    return this.page.evaluate((exceptTables) => {
      const width = document.documentElement.clientWidth;
      const faults = [];
      if (document.documentElement.scrollWidth > width + 1) faults.push(`the page is ${document.documentElement.scrollWidth} wide in ${width}`);
      for (const part of document.querySelectorAll('main, dialog[open], dialog[open] .body')) {
        if (part.scrollWidth <= part.clientWidth + 1) continue;
        const widest = [...part.querySelectorAll('*')].filter((each) => each.getBoundingClientRect().right > part.getBoundingClientRect().right + 1);
        if (exceptTables && widest.length && widest.every((each) => each.closest('table') || each.querySelector('table'))) continue;
        faults.push(`${part.tagName.toLowerCase()}.${part.className} is ${part.scrollWidth} wide in ${part.clientWidth}: ${widest.slice(-1).map((each) => each.outerHTML.slice(0, 200))}`);
      }
      return faults;
    }, exceptTables);
  }

  /** Ends the visit; throws where the browser said something that nobody expected. */
  async end() {
    await this.context.close();
    present.getStore()?.delete(this);
    const loud = this.heard();
    if (loud.length) throw new Error(`the console said:\n${[...new Set(loud)].join('\n')}`);
  }

  /** What the browser has said since it was last asked. */
  heard() {
    return this.said.splice(0).filter((line) => !this.expected.some((pattern) => pattern.test(line)));
  }
}
