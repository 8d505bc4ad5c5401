/**
 * Builds dist/, which needs only the installed packages. A step runs only when a file that it reads has
 * changed since its last success. `--clean` removes dist/ first. `node scripts/build.js explorer` runs one step.
 * `npm start` imports this module and builds in its own process.
 */
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const target = 'dist';
const digestFile = `${target}/.digests.json`;

/** Each step's input files and folders. Steps share no output, so they run at the same time. */
const steps = {
  compile: { inputs: ['src', 'tsconfig.json', 'package-lock.json'], run: compile },
  explorer: { inputs: ['explorer', 'scripts/build-explorer.js', 'package-lock.json'], run: bundleExplorer },
  'lookup-page': {
    inputs: [
      ...['lookup-page', 'src/records-client', 'schema/schema.graphql'],
      ...['scripts/build-lookup-page.js', 'package-lock.json'],
    ],
    run: bundleLookupPage,
  },
  documents: { inputs: ['schema/operations', 'schema/trusted-documents.json'], run: copyDocuments },
  client: { inputs: ['schema/schema.graphql', 'scripts/client-files.js'], run: writeClientFiles },
};

/** Runs the steps whose inputs have changed. */
export async function buildChanged(names = Object.keys(steps)) {
  mkdirSync(target, { recursive: true });
  const digests = existsSync(digestFile) ? JSON.parse(readFileSync(digestFile, 'utf8')) : {};
  await Promise.all(names.map((name) => runIfChanged(name, steps[name], digests)));
}

async function runIfChanged(name, { inputs, run }, digests) {
  const digest = digestOf(inputs.flatMap(filesIn));
  if (digests[name] === digest) return;
  await run();
  digests[name] = digest;
  writeFileSync(digestFile, JSON.stringify(digests));
}

function digestOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(`${path}\0`).update(readFileSync(path)).update('\0');
  return hash.digest('hex');
}

/** The file itself, or every file of a folder, in a fixed order. */
function filesIn(path) {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Compiles each module without checking its types, which `npm run typecheck` does, and removes what has no source any more. */
async function compile() {
  const { build } = await import('esbuild');
  await build({
    entryPoints: filesIn('src').filter((path) => path.endsWith('.ts')),
    outdir: target,
    outbase: 'src',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    logLevel: 'warning',
  });
  const foreign = /^dist\/(explorer|lookup-page|schema|client)\//;
  const compiled = filesIn(target).filter((path) => /\.js(\.map)?$/.test(path) && !foreign.test(path));
  for (const path of compiled) if (!existsSync(sourceOf(path))) rmSync(path);
}

function sourceOf(path) {
  return path.replace(/^dist\//, 'src/').replace(/\.js(\.map)?$/, '.ts');
}

async function bundleExplorer() {
  const { buildExplorer } = await import('./build-explorer.js');
  await buildExplorer(`${target}/explorer`);
}

async function bundleLookupPage() {
  const { buildLookupPage } = await import('./build-lookup-page.js');
  await buildLookupPage(`${target}/lookup-page`);
}

/** The example operations and the trusted documents, which the gateway reads when it starts. */
function copyDocuments() {
  rmSync(`${target}/schema`, { recursive: true, force: true });
  cpSync('schema/operations', `${target}/schema/operations`, { recursive: true });
  cpSync('schema/trusted-documents.json', `${target}/schema/trusted-documents.json`);
}

async function writeClientFiles() {
  const { clientFiles } = await import('./client-files.js');
  mkdirSync(`${target}/client`, { recursive: true });
  for (const [name, text] of Object.entries(clientFiles(readFileSync('schema/schema.graphql', 'utf8')))) {
    writeFileSync(`${target}/client/${name}`, text);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({
    options: { clean: { type: 'boolean' } },
    allowPositionals: true,
  });
  for (const name of positionals) if (!(name in steps)) throw new Error(`There is no build step ${name}.`);
  if (values.clean) rmSync(target, { recursive: true, force: true });
  await buildChanged(positionals.length > 0 ? positionals : undefined);
}
