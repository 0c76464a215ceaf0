// The service worker is built beside the page: it knows the names of the files that make the shell.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../src/worker.js', import.meta.url));

/** A plugin of Vite: writes /sw.js with the list of the files of the first screen and the name of this build. */
export function serviceWorker() {
  return {
    name: 'tamiti-service-worker',
    apply: 'build',
    generateBundle(_, bundle) {
      const shell = new Set();
      const entry = Object.values(bundle).find((file) => file.type === 'chunk' && file.isEntry);
      const take = (name) => {
        const chunk = bundle[name];
        if (!chunk || shell.has(`/${name}`)) return;
        shell.add(`/${name}`);
        for (const style of chunk.viteMetadata?.importedCss ?? []) shell.add(`/${style}`);
        for (const other of chunk.imports ?? []) take(other);
      };
      if (entry) take(entry.fileName);
      // What everybody opens first: the shell and the home, which are parts of their own.
      for (const file of Object.values(bundle))
        if (file.type === 'chunk' && /\/(shell\/Shell|features\/home\/Home)\.svelte$/.test(file.facadeModuleId ?? '')) take(file.fileName);
      for (const [name, file] of Object.entries(bundle))
        if (file.type === 'asset' && /^assets\/index-.*\.css$/.test(name)) shell.add(`/${name}`);
      const files = [...shell].sort();
      const build = createHash('sha256').update(Object.keys(bundle).sort().join('\n')).digest('hex').slice(0, 12);
      const text = readFileSync(source, 'utf8')
        .replace('"@build@"', JSON.stringify(build))
        .replace('["@files@"]', JSON.stringify(files));
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: text });
    },
  };
}
