// What the console may weigh. The build fails where it weighs more, so that nobody finds out on a slow network.
import { brotliCompressSync, constants } from 'node:zlib';

/** Kilobytes after Brotli: all that the first usable screen takes, one more screen, the styles of the first screen. */
const limits = { first: 80, route: 30, styles: 12 };

const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
const bytesOf = (file) => brotliCompressSync(Buffer.from(file.type === 'chunk' ? file.code : file.source), options).length;
const kilobytes = (bytes) => Math.round(bytes / 100) / 10;

/** A plugin of Vite; before anything is written. */
export function budget() {
  return {
    name: 'tamiti-budget',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const weights = new Map();
        const weigh = (names) => {
          let sum = 0;
          for (const name of names) {
            if (!weights.has(name)) weights.set(name, bundle[name] ? bytesOf(bundle[name]) : 0);
            sum += weights.get(name);
          }
          return sum;
        };
        const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
        const entry = chunks.find((file) => file.isEntry);
        const styles = Object.keys(bundle).filter((name) => /^assets\/index-.*\.css$/.test(name));
        const first = closure(bundle, entry, new Set(['index.html', ...styles]));
        const screens = chunks.filter((file) => file.isDynamicEntry && /\.svelte$/.test(file.facadeModuleId ?? ''));
        const home = screens.find((file) => /features\/home\/Home\.svelte$/.test(file.facadeModuleId));
        if (home) closure(bundle, home, first);
        const faults = [];
        const say = (name, bytes, limit) => {
          const line = `${name}: ${kilobytes(bytes)} of ${limit} kB`;
          if (bytes > limit * 1000) faults.push(line);
          return line;
        };
        const lines = [
          say('first load', weigh(first), limits.first),
          say('its styles', weigh([...first].filter((name) => name.endsWith('.css'))), limits.styles),
        ];
        const routes = screens
          .map((screen) => ({ screen, bytes: weigh([...closure(bundle, screen, new Set())].filter((name) => !first.has(name))) }))
          .sort((a, b) => b.bytes - a.bytes);
        for (const { screen, bytes } of routes) {
          const line = say(screen.facadeModuleId.replace(/^.*\/src\//, ''), bytes, limits.route);
          if (lines.length < 5) lines.push(line);
        }
        console.log(lines.join('\n'));
        if (faults.length) this.error(`The console is too heavy (Brotli): ${faults.join('; ')}.`);
      },
    },
  };
}

/** A chunk with all that it imports and their styles, added to what is there already. */
function closure(bundle, chunk, found) {
  if (!chunk || found.has(chunk.fileName)) return found;
  found.add(chunk.fileName);
  for (const style of chunk.viteMetadata?.importedCss ?? []) found.add(style);
  for (const name of chunk.imports) closure(bundle, bundle[name], found);
  return found;
}
