import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Resource usage of a process since its start, as it reports it. */
export interface Usage {
  readonly cpuMs: number;
  readonly rssMb: number;
  readonly heapMb: number;
  /** Largest heap since the previous report. */
  readonly peakHeapMb: number;
  /** Largest resident size since the process began. */
  readonly peakRssMb: number;
  /** Longest delay of the event loop since the previous report, beyond the sampling interval of 20 ms. */
  readonly stalledMs: number;
  /** Number of open sockets. */
  readonly sockets: number;
}

export interface ChildOptions {
  /** File to run, relative to the root of the project. */
  readonly file: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Pattern that captures the address in a line of output. Default: the first address on loopback. */
  readonly urlIn?: RegExp;
}

const root = new URL('../../', import.meta.url);
const reporter = new URL('../servers/usage-reporter.js', import.meta.url).href;
const startTimeoutMs = 60_000;

/**
 * A server in a separate process, so that its work does not count as the client's. It watches the IPC channel and ends
 * whenever this process ends.
 */
export class Child implements AsyncDisposable {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(url: string, process: ChildProcess) {
    this.url = url;
    this.#process = process;
  }

  static async start({
    file,
    args = [],
    env = {},
    cwd,
    urlIn = /(http:\/\/127\.0\.0\.1:\d+)/,
  }: ChildOptions): Promise<Child> {
    const loader = file.endsWith('.ts') ? ['--import', 'tsx'] : [];
    const child = fork(new URL(file, root).pathname, args, {
      execArgv: [...loader, '--import', reporter, ...(process.env.BENCH_NODE_OPTIONS?.split(' ') ?? [])],
      env: {
        PATH: process.env.PATH ?? '',
        NODE_ENV: 'production',
        ADMIN_PORT: '0',
        LOG_LEVEL: 'warn',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      ...(cwd !== undefined && { cwd: new URL(cwd, root).pathname }),
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), startTimeoutMs);
    const url = await urlFrom(child, urlIn);
    clearTimeout(timer);
    return new Child(url, child);
  }

  usage(): Promise<Usage> {
    return this.#requestUsage('usage');
  }

  /** Resource usage after a full garbage collection. */
  usageCollected(): Promise<Usage> {
    return this.#requestUsage('collect');
  }

  async #requestUsage(message: 'usage' | 'collect'): Promise<Usage> {
    this.#process.send(message);
    const [usage] = await once(this.#process, 'message');
    return usage as Usage;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), 5000);
    await exited;
    clearTimeout(timer);
  }
}

/** Resolves with the address that a starting server prints. */
export async function urlFrom({ stdout }: ChildProcess, urlIn: RegExp): Promise<string> {
  if (!stdout) throw new Error('The process has no output');
  const lines: string[] = [];
  for await (const line of createInterface({ input: stdout })) {
    const url = urlIn.exec(line)?.[1];
    if (url) {
      stdout.resume();
      return url;
    }
    lines.push(line);
  }
  throw new Error(`A server ended before it listened:\n${lines.slice(-20).join('\n')}`);
}
