import { build } from 'esbuild';

/**
 * Bundles the programs with their packages, since finding and reading some thousand modules took most of the time of a start.
 * What is loaded only when it is needed stays in a chunk of its own. `npm run typecheck` checks the types.
 *
 * @param folder folder of the bundles, whose files find the others of the package relative to themselves
 */
export async function bundlePrograms(folder) {
  await build({
    entryPoints: [
      { in: 'src/main.ts', out: 'main' },
      { in: 'src/records-command/main.ts', out: 'records' },
    ],
    outdir: folder,
    chunkNames: 'chunk-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: true,
    sourcesContent: false,
    // The SDK of an operator registers with the installed copy. type-graphql loads the validator only if it is asked to.
    external: ['@opentelemetry/api', 'class-validator'],
    banner: {
      // CommonJS packages load the modules of Node.js with it.
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
}
