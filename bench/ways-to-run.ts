/**
 * The ways to run the gateway: milliseconds from its command to the first `/readyz` that says ready, and resident memory of
 * its process after a lookup. Installing the package needs npm's registry.
 * `npm run bench -- ways-to-run`
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { installPacked } from '../scripts/install-packed.js';
import { simulatorCredentials } from '../src/simulator/simulator.js';
import { urlFrom } from './support/child.js';
import { fixed, printTable } from './support/print.js';
import { startSimulator } from './support/stage.js';

interface Way {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

interface Measured {
  readonly readyMs: number;
  readonly rssMb: number;
}

/** Starts of each way; the table shows the fastest, which other work on the machine disturbed least. */
const starts = 3;

const query = '{ record(id: "15000000E1F8B123", product: SMS, direction: OUTBOUND) { totalPrice } }';

export async function benchWaysToRun(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ways-to-run-'));
  await using simulator = await startSimulator(100_000, 20);
  const env = productionOf(simulator.url);
  try {
    const first = await firstStart();
    installPacked(folder);
    const installed = join(folder, 'node_modules/.bin/vonage-records-gateway');
    const ways: Way[] = [
      { name: 'npm start again, nothing changed', command: ['npm', 'start'] },
      { name: 'node dist/main.js, embedded simulator', command: [process.execPath, 'dist/main.js'] },
      { name: 'node dist/main.js, production', command: [process.execPath, 'dist/main.js'], env },
      { name: 'npx vonage-records-gateway, production', command: [installed], env },
      { name: 'read-only container of that package', command: [...container, installed], env },
    ];
    const rows: [string, Measured][] = [['npm start after a new clone', first]];
    for (const way of ways) rows.push([way.name, await fastestOf(way)]);
    printTable(
      ['way', 'ready after', 'resident'],
      rows.map(([name, { readyMs, rssMb }]) => [name, `${fixed(readyMs, 0)} ms`, `${fixed(rssMb, 0)} MB`]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A container as bubblewrap makes it: processes of its own, and nothing that can be written. */
const container = [
  ...['bwrap', '--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc'],
  ...['--unshare-pid', '--unshare-ipc', '--die-with-parent'],
];

function productionOf(baseUrl: string): Readonly<Record<string, string>> {
  const { apiKey, apiSecret } = simulatorCredentials;
  return {
    NODE_ENV: 'production',
    VONAGE_API_KEY: apiKey,
    VONAGE_API_SECRET: apiSecret,
    VONAGE_BASE_URL: baseUrl,
  };
}

/** Removes the build, so that this start makes everything. */
function firstStart(): Promise<Measured> {
  rmSync('dist', { recursive: true, force: true });
  return measure({ name: 'first', command: ['npm', 'start'] });
}

async function fastestOf(way: Way): Promise<Measured> {
  let fastest = await measure(way);
  for (let each = 1; each < starts; each += 1) {
    const next = await measure(way);
    if (next.readyMs < fastest.readyMs) fastest = next;
  }
  return fastest;
}

async function measure({ command, env = {} }: Way): Promise<Measured> {
  const [program = '', ...args] = command;
  const startedAtMs = performance.now();
  const child = spawn(program, args, {
    cwd: resolve('.'),
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', PORT: '0', LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const exited = once(child, 'exit');
  try {
    const url = await urlFrom(child, /(http:\/\/127\.0\.0\.1:\d+)\/graphql/);
    while (!(await fetch(`${url}/readyz`)).ok);
    const readyMs = performance.now() - startedAtMs;
    const headers = { 'content-type': 'application/json' };
    await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
    return { readyMs, rssMb: largestOf(child.pid ?? 0) };
  } finally {
    // The gateway is a child of npm or of the container; they form one group.
    process.kill(-(child.pid ?? 0), 'SIGTERM');
    await exited;
  }
}

/** Megabytes of the largest process of a group, which is the gateway. */
function largestOf(groupId: number): number {
  const sizes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && groupOf(name) === groupId)
    .map((name) => Number(/VmRSS:\s+(\d+) kB/.exec(statusOf(name))?.[1] ?? 0) / 1024);
  return Math.max(...sizes);
}

function groupOf(processId: string): number {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')')).split(' ')[3]);
  } catch {
    return 0;
  }
}

function statusOf(processId: string): string {
  try {
    return readFileSync(`/proc/${processId}/status`, 'utf8');
  } catch {
    return '';
  }
}
