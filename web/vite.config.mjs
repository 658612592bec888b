import { defineConfig } from 'vite';

const GATEWAY = process.env.LAUNCH_GATEWAY ?? 'http://127.0.0.1:8480';

/** `npx vite web` serves the page as it is written, with the API of the gateway that runs at LAUNCH_GATEWAY. */
export default defineConfig({
  root: import.meta.dirname,
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    // Inlined data would need more in the gateway's CSP than 'self'.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    license: { fileName: 'licenses.md' },
  },
  server: { proxy: { '/api': GATEWAY } },
});
