import { mount } from 'svelte';
import App from './App.svelte';
import { startClock } from './core/format.svelte';
import { firstLanguage, speak } from './core/i18n.svelte';
import { startKeys } from './core/keys.svelte';
import { startRouter } from './core/router.svelte';
import { startSession } from './core/session.svelte';
import { startTheme } from './core/theme.svelte';
import { loadFont } from './shell/font';
import { registerWorker } from './shell/worker';

startTheme();
startRouter();
startKeys();
startClock();
await speak(firstLanguage());
void startSession().finally(loadFont);
mount(App, { target: document.getElementById('app')! });
registerWorker();
