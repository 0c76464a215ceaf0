// Keeps the shell of the console, so that it opens at once and without a network. Never an answer of the API: those are
// the page's, which forgets them when somebody signs out. The build puts in its name and the shell's files.
const build = "@build@";
const files = ["@files@"];
const name = `tamiti-${build}`;
const page = '/index.html';

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(name)
      .then((cache) => Promise.all([page, '/brand.css', '/icon.svg', ...files].map((path) => keep(cache, path))))
      .then(() => self.skipWaiting()),
  );
});

// A brand that can't be had must not keep the shell from being kept.
const keep = (cache, path) =>
  fetch(path, { cache: 'no-cache' }).then((answer) => (answer.ok ? cache.put(path, answer) : undefined)).catch(() => undefined);

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((all) => Promise.all(all.filter((each) => each.startsWith('tamiti-') && each !== name).map((each) => caches.delete(each))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const request = event.request;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin || /^\/(api|static|dev)(\/|$)/.test(url.pathname)) return;
  if (request.mode === 'navigate') event.respondWith(shell(event));
  else if (url.pathname.startsWith('/assets/')) event.respondWith(asset(request));
  else if (url.pathname === '/brand.css' || url.pathname === '/icon.svg') event.respondWith(renewed(event, url.pathname));
});

/** The page as it is kept, at once; the next visit gets what the studio has now. */
async function shell(event) {
  return renewed(event, page);
}

async function renewed(event, path) {
  const cache = await caches.open(name);
  const kept = await cache.match(path);
  const fresh = fetch(path, { cache: 'no-cache' }).then((answer) => {
    if (answer.ok) return cache.put(path, answer.clone()).then(() => answer);
    return answer;
  });
  if (!kept) return fresh;
  event.waitUntil(fresh.catch(() => undefined));
  return kept;
}

/** Files of the build never change under their name. */
async function asset(request) {
  const cache = await caches.open(name);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}
