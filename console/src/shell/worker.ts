interface Policies {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): { createScriptURL: (url: string) => unknown };
}

/** The service worker keeps the shell. Its address is the only one that scripts of this page may name. */
export function registerWorker(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const policies = (window as { trustedTypes?: Policies }).trustedTypes;
  const rules = {
    createScriptURL: (url: string) => {
      if (url !== '/sw.js') throw new TypeError('only /sw.js is a worker of this page');
      return url;
    },
  };
  const url = policies ? policies.createPolicy('tamiti-worker', rules).createScriptURL('/sw.js') : '/sw.js';
  addEventListener('load', () => void navigator.serviceWorker.register(url as string).catch(() => undefined));
}
