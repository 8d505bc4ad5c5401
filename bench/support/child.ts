import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** What a process used so far, as it says itself. */
export interface Usage {
  readonly cpuMs: number;
  readonly rssMb: number;
  readonly heapMb: number;
  /** Largest heap since the last question. */
  readonly peakHeapMb: number;
  /** Largest resident size since the process began. */
  readonly peakRssMb: number;
  /** Longest time since the last question for which it could begin nothing else, over the 20 ms between two looks. */
  readonly stalledMs: number;
  /** Sockets that are open. */
  readonly sockets: number;
}

export interface ChildOptions {
  /** File to run, from the root of the project. */
  readonly file: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Finds the address in the line that tells it. Default: the first one on loopback. */
  readonly urlIn?: RegExp;
}

const root = new URL('../../', import.meta.url);
const reporter = new URL('../servers/usage-reporter.js', import.meta.url).href;
const startTimeoutMs = 60_000;

/**
 * A server in a process of its own, so that its work is not measured as the client's. It ends with this process,
 * whatever way that ends, because it watches the channel between the two.
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
    return this.#ask('usage');
  }

  /** The same after everything was collected that nothing holds any more. */
  usageCollected(): Promise<Usage> {
    return this.#ask('collect');
  }

  async #ask(question: 'usage' | 'collect'): Promise<Usage> {
    this.#process.send(question);
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

async function urlFrom({ stdout }: ChildProcess, urlIn: RegExp): Promise<string> {
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
