/** Bundles the explorer page into dist/explorer, so that it is served without the internet. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { build } from 'esbuild';

const target = 'dist/explorer';

mkdirSync(target, { recursive: true });
await build({
  entryPoints: ['explorer/explorer.tsx'],
  outdir: target,
  bundle: true,
  minify: true,
  jsx: 'automatic',
  format: 'iife',
  target: 'es2022',
  define: { 'process.env.NODE_ENV': '"production"' },
  loader: { '.woff2': 'dataurl', '.woff': 'dataurl', '.ttf': 'dataurl' },
  logLevel: 'warning',
});
copyFileSync('explorer/index.html', `${target}/index.html`);
