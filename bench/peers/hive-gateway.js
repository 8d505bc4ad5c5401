/**
 * Hive Gateway over the OpenAPI description: composes the supergraph for the upstream named in the first argument, then
 * serves it through the product's own command, in this process.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [upstreamUrl = ''] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'bench-hive-'));
const supergraph = join(folder, 'supergraph.graphql');
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const compose = ['node_modules/.bin/mesh-compose', '-c', 'mesh.config.js', '-o', supergraph];
execFileSync(process.execPath, compose, { env: { ...process.env, UPSTREAM_URL: upstreamUrl }, stdio: 'pipe' });

const port = await freePort();
const options = ['-c', 'gateway.config.js', '-p', String(port), '-h', '127.0.0.1'];
process.argv = [process.execPath, 'hive-gateway', 'supergraph', supergraph, ...options];
await import('./node_modules/@graphql-hive/gateway/dist/bin.js');
const url = `http://127.0.0.1:${port}`;
while (!(await isReady())) await new Promise((resolve) => setTimeout(resolve, 100));
process.stdout.write(`listening: ${url}\n`);

async function isReady() {
  const response = await fetch(`${url}/readiness`).catch(() => undefined);
  return response?.ok === true;
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address();
      server.close(() => resolve(free));
    });
  });
}
