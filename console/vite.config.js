import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { budget } from './tools/budget.mjs';
import { compress } from './tools/compress.mjs';
import { serviceWorker } from './tools/worker.mjs';

// Where the studio answers while the console is served with hot reload (./dev console).
const studio = process.env.TAMITI_STUDIO ?? 'http://127.0.0.1:8000';
const served = ['/api', '/static', '/brand.css', '/manifest.webmanifest', '/icon.svg', '/dev/mail'];
// The studio takes sign-ins by cookie from its own pages only.
const proxy = Object.fromEntries(served.map((path) => [path, { target: studio, changeOrigin: true, headers: { origin: studio } }]));

export default defineConfig({
  plugins: [svelte(), serviceWorker(), budget(), compress()],
  build: {
    outDir: '../build/share/console',
    emptyOutDir: true,
    target: 'es2022',
    // A data: address would need its own word in the policy of scripts, styles and fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: {
      output: {
        // Few files for the first screen: each costs a slow network a round trip of its own.
        manualChunks(id) {
          if (/node_modules\/(svelte|@tanstack|esm-env|clsx)\//.test(id)) return 'base';
          if (/\/src\/(core|ui)\//.test(id) && !/\/ui\/(Pick|Copy|Strength|Value|sending|Problems|Password|Text|Field)/.test(id)) return 'base';
          return undefined;
        },
      },
    },
  },
  // Tests of state run what a browser would.
  ...(process.env.VITEST ? { resolve: { conditions: ['browser'] } } : {}),
  server: { proxy },
  test: { include: ['tests/**/*.test.ts'], environment: 'node', setupFiles: ['tests/setup.js'], testTransformMode: { web: ['**/*.svelte.test.ts'] } },
});
