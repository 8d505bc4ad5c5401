/**
 * `vonage-records` with 100,000 ids, against the simulator at 1,000 calls a second: calls, the order of the output, and the
 * largest resident size of the command's process. The simulator is a process of its own. Without `--url` the gateway runs in
 * the command's process; with it, the gateway is a third process. `npm run bench -- command-line`
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { simulatorCredentials } from '../src/simulator/simulator.js';
import type { Child } from './support/child.js';
import { fixed, printTable } from './support/print.js';
import { buildOnce, costsOf, startGatewayProcess, startSimulator } from './support/stage.js';

const idCount = 100_000;
const callsPerSecond = 1000;
const reporter = new URL('servers/peak-memory.js', import.meta.url).href;

/** What a run came to. */
interface Outcome {
  readonly seconds: number;
  readonly peakMb: number;
  readonly output: string;
}

export async function benchCommandLine(): Promise<void> {
  buildOnce();
  const ids = Array.from({ length: idCount }, (_, index) => `copy-${index}`);
  await using simulator = await startSimulator(callsPerSecond, 60, { copies: idCount });
  const { apiKey, apiSecret } = simulatorCredentials;
  const rate = { VONAGE_RATE_PER_SECOND: String(callsPerSecond) };
  const key = { VONAGE_API_KEY: apiKey, VONAGE_API_SECRET: apiSecret, VONAGE_BASE_URL: simulator.url };
  const own = await measure("in the command's process", ids, simulator, () =>
    run(ids, [], { ...rate, ...key }),
  );
  await using gateway = await startGatewayProcess(simulator.url, rate);
  const running = await measure('running', ids, simulator, () => run(ids, ['--url', gateway.url], {}));
  printTable(['gateway', 'ids', 'calls', 'in order', 'most resident MB', 'seconds'], [own, running]);
}

/** @returns a row of the table */
async function measure(
  name: string,
  ids: readonly string[],
  simulator: Child,
  start: () => Promise<Outcome>,
): Promise<string[]> {
  const { calls: callsBefore } = await costsOf(simulator);
  const { seconds, peakMb, output } = await start();
  const { calls } = await costsOf(simulator);
  const lines = output.split('\n').slice(0, -1);
  const isInOrder =
    lines.length === ids.length &&
    lines.every((line, index) => line.startsWith(`{"requestedId":"${ids[index]}"`));
  const counts = [fixed(ids.length, 0), fixed(calls - callsBefore, 0), isInOrder ? 'yes' : 'no'];
  return [name, ...counts, fixed(peakMb, 0), fixed(seconds, 0)];
}

async function run(
  ids: readonly string[],
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-command-line-'));
  const [input, output] = [join(folder, 'ids.txt'), join(folder, 'found.jsonl')];
  writeFileSync(input, ids.join('\n'));
  const sms = ['--product', 'SMS', '--direction', 'outbound'];
  const program = ['--import', reporter, 'dist/records-command/main.js'];
  const startedAtMs = performance.now();
  const child = spawn(process.execPath, [...program, '--in', input, '--out', output, ...sms, ...words], {
    env: { PATH: process.env.PATH ?? '', NODE_ENV: 'test', ...environment },
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  });
  const peakMb = text(child.stdio[3] as Readable);
  const [status] = (await once(child, 'exit')) as [number | null];
  if (status !== 0) throw new Error(`vonage-records ended with ${status}`);
  const seconds = (performance.now() - startedAtMs) / 1000;
  const written = readFileSync(output, 'utf8');
  rmSync(folder, { recursive: true });
  return { seconds, peakMb: Number(await peakMb), output: written };
}
