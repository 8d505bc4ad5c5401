/**
 * Starts the built gateway twice, sends it the README's first query and stops it: first from dist/, then packed and
 * installed in another project without development packages. Run it after `npm run build`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { installPacked } from './install-packed.js';

const clientFiles = [
  'schema.graphql',
  'introspection.json',
  'possible-types.json',
  'scalars.json',
  'trusted-documents.json',
];
const folder = mkdtempSync(join(tmpdir(), 'vonage-records-gateway-'));

try {
  await tryGateway(process.execPath, resolve('dist/main.js'));
  process.stdout.write('The built gateway starts, answers and stops.\n');
  installPacked(folder);
  await tryGateway(join(folder, 'node_modules/.bin/vonage-records-gateway'));
  const { resolve: find } = createRequire(join(folder, 'package.json'));
  for (const name of clientFiles) readFileSync(find(`vonage-records-gateway/${name}`));
  process.stdout.write('The packed gateway starts from another folder, answers and stops.\n');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Runs outside the project, so that a path that depends on the working folder fails. */
async function tryGateway(command, ...args) {
  const server = spawn(command, args, {
    cwd: folder,
    env: { PATH: process.env.PATH, PORT: '0', LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(server, 'exit');
  try {
    await expectAnswers(await listeningUrl(server));
    server.kill('SIGTERM');
    const [code] = await exited;
    if (code !== 0) throw new Error(`${command} ended with ${code}`);
  } finally {
    server.kill('SIGKILL');
  }
}

async function listeningUrl(server) {
  for await (const line of createInterface({ input: server.stdout })) {
    const match = /(http:\/\/127\.0\.0\.1:\d+)\/graphql/.exec(line);
    if (match) {
      server.stdout.resume();
      return match[1];
    }
  }
  throw new Error('The gateway ended before it listened');
}

async function expectAnswers(url) {
  await expectText(`${url}/readyz`, '"ready"');
  await expectText(`${url}/explorer`, 'explorer.js');
  await expectText(`${url}/explorer/operations.json`, 'query');
  await expectText(`${url}/lookup`, 'page.js');
  const query = '{ record(id: "15000000E1F8B123", product: SMS, direction: OUTBOUND) { totalPrice } }';
  await expectText(`${url}/graphql`, '"0.03330000"', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
}

async function expectText(url, text, init) {
  const body = await (await fetch(url, init)).text();
  if (!body.includes(text)) throw new Error(`${url} answered without ${text}: ${body.slice(0, 500)}`);
}
