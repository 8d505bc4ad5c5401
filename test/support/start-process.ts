import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

/** The built program, as it is deployed; the test run builds it first. */
const program = resolve('dist/main.js');

/** In the environment `test` the process ignores a developer's `.env`. */
function environmentWith(environment: Record<string, string>): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    NODE_ENV: 'test',
    PORT: '0',
    ...environment,
  };
}

/**
 * The gateway's own process.
 *
 * @param nodeOptions options of Node for this process, such as a limit of its memory
 */
export async function startProcess(
  environment: Record<string, string> = {},
  nodeOptions: readonly string[] = [],
) {
  const child = spawn(process.execPath, [...nodeOptions, program], {
    env: environmentWith({ LOG_LEVEL: 'silent', ...environment }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stderr.on('data', keep);
  const url = await urlFrom(child);
  child.stdout.on('data', keep);
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  return {
    url,
    exited,
    /** What it has written since it listened, and all errors. */
    output: () => output,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

export type GatewayProcess = Awaited<ReturnType<typeof startProcess>>;

interface RunOptions {
  /** Words after the program's name. */
  readonly words?: readonly string[];
  /** Its working directory. Default: the root of the project. */
  readonly cwd?: string;
  /** Files that the system lets it open. Default: as many as this process. */
  readonly openFiles?: number;
}

/** Runs the process until it ends by itself. */
export async function runProcess(
  environment: Record<string, string>,
  { words = [], cwd = '.', openFiles }: RunOptions = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const limit = openFiles === undefined ? '' : `ulimit -n ${openFiles}; `;
  const command = ['-c', `${limit}exec "$0" "$@"`, process.execPath, program, ...words];
  const child = spawn('/bin/sh', command, {
    cwd,
    env: environmentWith(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: text(child.stdout), stderr: text(child.stderr) };
  const [code] = (await once(child, 'exit')) as [number | null];
  return { code, stdout: await output.stdout, stderr: await output.stderr };
}

async function urlFrom(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('The process has no output');
  for await (const line of createInterface({ input: child.stdout })) {
    const match = /(http:\/\/127\.0\.0\.1:\d+)\/graphql/.exec(line);
    if (match?.[1]) {
      child.stdout.resume();
      return match[1];
    }
  }
  throw new Error('The process ended before it listened');
}
