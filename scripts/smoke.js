/** Starts the built server as `npm start` does, asks it the first query of the README, and stops it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const server = spawn(process.execPath, ['dist/main.js'], {
  // In the environment `test` the server ignores a developer's `.env`.
  env: { PATH: process.env.PATH, NODE_ENV: 'test', PORT: '0', LOG_LEVEL: 'warn' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const exited = once(server, 'exit');

try {
  const url = await listeningUrl();
  await expectText(`${url}/readyz`, '"ready"');
  await expectText(`${url}/explorer`, 'explorer.js');
  const query =
    '{ record(id: "15000000E1F8B123", product: SMS, direction: OUTBOUND) { vonageId totalPrice } }';
  const headers = { 'content-type': 'application/json' };
  await expectText(`${url}/graphql`, '"0.03330000"', {
    method: 'POST',
    headers,
    body: JSON.stringify({ query }),
  });
  server.kill('SIGTERM');
  const [code] = await exited;
  if (code !== 0) throw new Error(`The server ended with ${code}`);
  process.stdout.write('The built server starts, answers and stops.\n');
} finally {
  server.kill('SIGKILL');
}

async function listeningUrl() {
  for await (const line of createInterface({ input: server.stdout })) {
    const match = /(http:\/\/127\.0\.0\.1:\d+)\/graphql/.exec(line);
    if (match) {
      server.stdout.resume();
      return match[1];
    }
  }
  throw new Error('The server ended before it listened');
}

async function expectText(url, text, init) {
  const body = await (await fetch(url, init)).text();
  if (!body.includes(text)) throw new Error(`${url} answered without ${text}: ${body.slice(0, 500)}`);
}
