/** A newcomer's first hour, by browser alone: from a studio with nothing in it to a milestone that the client has accepted. */
import { createHmac } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Visit } from './browser.mjs';
import { control, pick, said } from './journeys.mjs';
import { same, test, truth } from './runner.mjs';
import { Studio } from './studio.mjs';

const secret = 'sunbird over the lake';
// Where pictures for the guide go; without it none are taken.
const pictures = process.env.TAMITI_PICTURES;

export function firstHour(world) {
  test('first hour', 'from an empty studio to what a client accepts', async () => {
    const studio = await Studio.start(world.servers, { name: 'first_hour', begin: withOwner });
    try {
      await hour({ ...world, studio });
    } finally {
      await studio.stop();
    }
  });
}

async function withOwner(studio) {
  studio.environment.TAMITI_SUPERUSER_PASSWORD = secret;
  await studio.command('createsuperuser', '--username', 'grace', '--email', 'grace@nilefilms.example');
}

async function hour(world) {
  const grace = await Visit.begin(world.browser, world.studio, { viewport: { width: 1040, height: 650 } });
  grace.expect(/favicon\.ico/);
  await grace.signIn('grace', secret);
  await grace.settled();
  same(await grace.faults(), [], 'the empty home');
  await picture(grace, 'empty');
  await secondFactor(grace);
  await invite(grace);
  const moses = await joinAs(world, grace, 'moses', 'Moses', 'Ssekandi', 'moses@nilefilms.example');
  await clientAndProject(grace);
  await milestones(grace);
  await talk(grace, moses);
  await attach(grace);
  const ruth = await inviteClient(world, grace);
  await finish(grace);
  await accept(ruth);
  await takeAlong(grace);
  await trash(grace);
  for (const visit of [grace, moses, ruth]) await visit.end();
}

async function picture(visit, name) {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await visit.settled();
  await visit.page.screenshot({ path: join(pictures, `first-hour-${name}.png`) });
}

/** The code that an authenticator app shows for a key now (RFC 6238). */
function codeFor(key) {
  const bits = [...key.replace(/[\s=]/g, '')].map((sign) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(sign).toString(2).padStart(5, '0')).join('');
  const bytes = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac('sha1', bytes).update(step).digest();
  return String((hash.readUInt32BE(hash[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

async function secondFactor({ page }) {
  await page.goto('/account/security');
  await page.getByRole('button', { name: 'Set it up' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.locator('input[type=password]').fill(secret);
  await sheet.getByRole('button', { name: 'Go on' }).click();
  const key = await sheet.locator('.key code').innerText();
  await sheet.locator('[name=code]').fill(codeFor(key));
  await sheet.getByRole('button', { name: 'Turn it on' }).click();
  await sheet.locator('.codes li').first().waitFor();
  truth((await sheet.locator('.codes li').count()) >= 8, 'there are recovery codes');
  await sheet.getByRole('button', { name: 'I have kept them' }).click();
  await page.getByText(/On since/).waitFor();
}

async function invite({ page }) {
  await page.goto('/invitations?invite=1');
  await page.locator('dialog [name=email]').fill('moses@nilefilms.example');
  await page.locator('dialog').getByRole('checkbox', { name: /^Manager/ }).check();
  await page.getByRole('button', { name: 'Send the invitation' }).click();
  await page.locator('#content').getByText('moses@nilefilms.example').first().waitFor();
}

/** Opens the mail that the studio caught, follows its link in a browser of one's own and joins. */
async function joinAs(world, reader, username, first, last, email) {
  const mails = await reader.open();
  await mails.goto('/dev/mail'); // A page of the program's own, without a sign for its tab.
  await mails.locator('tr', { hasText: email }).getByRole('link').first().click();
  const link = /\S*\/join#token=\S+/.exec(await mails.locator('pre').innerText())[0];
  await mails.close();
  const visit = await Visit.begin(world.browser, world.studio, { viewport: { width: 1040, height: 650 } });
  const { page } = visit;
  await page.goto(link);
  await page.locator('[name=first_name]').fill(first);
  await page.locator('[name=last_name]').fill(last);
  await page.locator('[name=username]').fill(username);
  await page.locator('input[type=password]').fill('matatu by the market');
  await page.getByRole('button', { name: 'Join' }).click();
  await page.locator('#content h1').waitFor();
  return visit;
}

async function clientAndProject(visit) {
  const { page } = visit;
  await page.goto('/clients?new=1');
  await control(page, 'name').fill('Rwenzori Honey');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name: /Rwenzori Honey/, level: 1 }).waitFor();
  await page.goto('/projects?new=1');
  await control(page, 'code').fill('HONEY-1');
  await control(page, 'name').fill('From hive to jar');
  await pick(page, 'client', 'Rwenzori Honey');
  await picture(visit, 'project');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name: /From hive to jar/, level: 1 }).waitFor();
}

async function milestones(visit) {
  const { page } = visit;
  for (const name of ['Script agreed', 'Filming done', 'Film delivered']) {
    await page.goto('/milestones?new=1');
    await pick(page, 'project', 'From hive to jar');
    await control(page, 'name').fill(name);
    await pick(page, 'owner', 'grace');
    await control(page, 'due_on').fill('2027-03-01');
    await page.locator('[data-field=shared_with_client]').getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Create' }).click();
    await page.locator('dialog').getByRole('heading', { name: new RegExp(name) }).waitFor();
  }
  await page.goto('/');
  await visit.settled();
  await picture(visit, 'home');
}

const openProject = async (page, part) => {
  await page.goto('/projects');
  await page.getByRole('link', { name: 'From hive to jar' }).first().click();
  await page.locator('#content nav').getByRole('link', { name: part }).click();
};

async function talk(visit, colleague) {
  const { page } = visit;
  await openProject(page, 'Talk');
  await page.locator('[name=body]').fill('@moses can you film on Thursday? The bees are calm in the morning.');
  await page.getByRole('button', { name: 'Comment', exact: true }).click();
  await page.locator('li .body').first().waitFor();
  const mails = await visit.open();
  await mailFor(mails, 'moses@nilefilms.example', /mention/i);
  await mails.close();
  await openProject(colleague.page, 'Talk');
  await colleague.page.getByText('The bees are calm in the morning.').waitFor();
}

/** Waits until the studio has caught a mail to somebody. */
async function mailFor(page, email, subject) {
  for (let tries = 0; tries < 40; tries++) {
    await page.goto('/dev/mail');
    if (await page.locator('tr', { hasText: email }).filter({ hasText: subject }).count()) return;
    await page.waitForTimeout(250);
  }
  throw new Error(`no mail to ${email} is about ${subject}: ${await page.locator('table').innerText()}`);
}

async function attach({ page }) {
  await openProject(page, 'Files');
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: 'Add files' }).click()]);
  await chooser.setFiles({ name: 'script.txt', mimeType: 'text/plain', buffer: Buffer.from('Scene 1. A hive at dawn.\n') });
  await page.getByRole('link', { name: 'Save script.txt' }).waitFor();
}

async function inviteClient(world, { page }) {
  await page.goto('/clients');
  await page.getByRole('link', { name: 'Rwenzori Honey' }).first().click();
  await page.locator('#content nav').getByRole('link', { name: 'People' }).click();
  await page.getByRole('button', { name: 'Invite' }).first().click();
  const sheet = page.getByRole('dialog', { name: 'Invite' });
  await control(sheet, 'email').fill('ruth@rwenzorihoney.example');
  await sheet.locator('button[type=submit]').click();
  await sheet.waitFor({ state: 'detached' });
  const reader = { open: () => page.context().newPage() };
  return joinAs(world, reader, 'ruth', 'Ruth', 'Biira', 'ruth@rwenzorihoney.example');
}

async function finish({ page }) {
  await page.goto('/');
  await page.getByRole('button', { name: 'Mark “Script agreed” as done' }).click();
  await said(page, '“Script agreed” is done');
}

async function accept(visit) {
  const { page } = visit;
  await page.goto('/');
  await visit.settled();
  same(await visit.faults(), [], 'the client’s home');
  await picture(visit, 'client');
  await page.locator('ul.waiting li', { hasText: 'Script agreed' }).getByRole('button', { name: 'Accept' }).click();
  await page.getByRole('button', { name: 'Accept it' }).click();
  await said(page, '“Script agreed” is accepted');
}

async function takeAlong({ page }) {
  await page.goto('/milestones');
  await page.getByRole('button', { name: 'More of this list' }).click();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Export as CSV' }).click()]);
  truth(/\.csv$/.test(file.suggestedFilename()), `the file is called ${file.suggestedFilename()}`);
}

async function trash(visit) {
  const { page } = visit;
  await page.goto('/milestones');
  await page.getByRole('link', { name: 'Film delivered' }).first().click();
  await page.locator('dialog').getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Move to trash' }).click();
  await said(page, 'is in the trash');
  await page.goto('/milestones?deleted=true');
  await visit.settled();
  await page.getByRole('link', { name: 'Film delivered' }).first().click();
  await page.getByRole('button', { name: 'Bring back' }).click();
  await said(page, 'is back');
  const { results } = await visit.ask('GET', '/milestones?ordering=position');
  same(results.map((row) => row.name).sort(), ['Film delivered', 'Filming done', 'Script agreed'], 'milestones in the end');
}
