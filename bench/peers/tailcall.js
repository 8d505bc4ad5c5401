/**
 * Tailcall over the OpenAPI description: writes its configuration for the upstream named in the first argument and starts the
 * product's binary, which uses all cores. The usage that this process reports is that of the binary.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [upstreamUrl = ''] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'bench-tailcall-'));
const port = await freePort();
const file = join(folder, 'config.graphql');
writeFileSync(file, configuration(JSON.parse(readFileSync('openapi.json', 'utf8'))));

const binary = 'node_modules/@tailcallhq/core-linux-x64-gnu/bin/tailcall';
const server = spawn(binary, ['start', file], {
  env: { TAILCALL_TRACKER: 'false', TAILCALL_LOG_LEVEL: 'error' },
  stdio: 'ignore',
});
process.env.MEASURED_PID = String(server.pid);
process.on('SIGTERM', () => process.exit());
process.on('exit', () => {
  server.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});
const url = `http://127.0.0.1:${port}`;
while (!(await isReady())) await new Promise((resolve) => setTimeout(resolve, 100));
process.stdout.write(`listening: ${url}\n`);

/** Tailcall's schema language, with the fields and parameters that the description names. */
function configuration({ paths, components: { schemas } }) {
  const [[path, { get }]] = Object.entries(paths);
  const names = get.parameters.map(({ name }) => name);
  const query = names.map((name) => `{ key: "${name}", value: "{{.args.${name}}}" }`).join(', ');
  const fields = Object.entries(schemas.SmsRecord.properties).map(([name]) => `${name}: String`);
  return `schema @server(port: ${port}, hostname: "127.0.0.1") { query: Query }
    type Query {
      getRecords(${names.map((name) => `${name}: String`).join(', ')}): RecordsResponse
        @http(url: "${upstreamUrl}${path}", query: [${query}])
    }
    type RecordsResponse { records: [SmsRecord] }
    type SmsRecord { ${fields.join(' ')} }`;
}

async function isReady() {
  const response = await fetch(`${url}/status`).catch(() => undefined);
  return response !== undefined;
}

async function freePort() {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port: free } = taken.address();
  taken.close();
  return free;
}
