/** A model of an app that the console has never heard of: `new_app.mjs ADDRESS USERNAME PASSWORD PATH PLURAL VERB`. */
import { launch, Visit } from './browser.mjs';
import { appears } from './generated.mjs';

const [address, username, password, path, plural, verb] = process.argv.slice(2);
const browser = await launch();
const visit = await Visit.begin(browser, { address });
await visit.enter(username, password);
await appears(visit, { path, plural, owner: username, verb });
await visit.end();
await browser.close();
console.log(`${plural} have a place, a list, a form, a record, a history and bulk.`);
