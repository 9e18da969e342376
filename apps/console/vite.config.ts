import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The control API to which `vite dev` forwards the console's requests. */
const api = 'http://127.0.0.1:3000';

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: '../../dist/console',
    emptyOutDir: true,
    // light-dark() in the tokens: every browser since May 2024.
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    // No script and no data address is inlined, because the content security policy would refuse it.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/v1': api, '/health': api } },
});
