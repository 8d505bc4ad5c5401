import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

/** Arguments with which Node runs the sources from any working directory. */
const nodeArguments = [
  '--import',
  pathToFileURL(resolve('node_modules/tsx/dist/loader.mjs')).href,
  resolve('src/main.ts'),
];

/** In the environment `test` the process ignores a developer's `.env`. */
function environmentWith(environment: Record<string, string>): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    TSX_TSCONFIG_PATH: resolve('tsconfig.json'),
    NODE_ENV: 'test',
    PORT: '0',
    ...environment,
  };
}

/**
 * The gateway's own process, as `npm start` runs it without the build.
 *
 * @param nodeOptions options of Node for this process, such as a limit of its memory
 */
export async function startProcess(
  environment: Record<string, string> = {},
  nodeOptions: readonly string[] = [],
) {
  const child = spawn(process.execPath, [...nodeOptions, ...nodeArguments], {
    env: environmentWith({ LOG_LEVEL: 'silent', ...environment }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = await urlFrom(child);
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  return {
    url,
    exited,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

export type GatewayProcess = Awaited<ReturnType<typeof startProcess>>;

/**
 * Runs the process until it ends by itself.
 *
 * @param cwd its working directory; default: the root of the project
 */
export async function runProcess(
  environment: Record<string, string>,
  cwd = '.',
): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, nodeArguments, {
    cwd,
    env: environmentWith(environment),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return { code, stderr };
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
