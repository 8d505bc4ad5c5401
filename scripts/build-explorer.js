import { copyFileSync, mkdirSync } from 'node:fs';
import { build } from 'esbuild';

/** Bundles the explorer page into a folder, so that the gateway serves it without the internet. */
export async function buildExplorer(folder) {
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: ['explorer/explorer.tsx'],
    outdir: folder,
    bundle: true,
    minify: true,
    jsx: 'automatic',
    format: 'iife',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    loader: { '.woff2': 'dataurl', '.woff': 'dataurl', '.ttf': 'dataurl' },
    logLevel: 'warning',
  });
  for (const name of ['index.html', 'offline.js']) copyFileSync(`explorer/${name}`, `${folder}/${name}`);
}
