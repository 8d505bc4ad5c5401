import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A function of `src` that ran. */
interface CalledFunction {
  /** Path inside `src`. */
  readonly file: string;
  /** Empty for a function without a name. */
  readonly name: string;
  /** Where it starts in its file as it was loaded, which tells functions of equal names apart. */
  readonly offset: number;
}

/** A call that the gateway made to Vonage, here to the embedded simulator. */
export interface UpstreamCall {
  readonly url: string;
  readonly authorization: string;
}

/** What the gateway did in an interval. */
export interface Activity {
  readonly functions: readonly CalledFunction[];
  readonly upstreamCalls: readonly UpstreamCall[];
}

const startTimeoutMs = 120_000;
const reporter = new URL('./report-activity.ts', import.meta.url).href;

/** The gateway of a checkout with its embedded simulator, in a process of its own that reports what it does. */
export class ObservedGateway implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #url: string;

  private constructor(process: ChildProcess, url: string) {
    this.#process = process;
    this.#url = url;
  }

  /**
   * Starts the gateway from its sources.
   *
   * @param environment variables beside those that every measurement sets
   * @throws when the checkout has no dependencies, or when its gateway ends before it listens
   */
  static async start(checkout: string, environment: Record<string, string> = {}): Promise<ObservedGateway> {
    if (!existsSync(join(checkout, 'node_modules')))
      throw new Error(`${checkout} has no node_modules; run npm ci there first`);
    const loader = import.meta.resolve('tsx');
    const child = spawn(process.execPath, ['--import', loader, '--import', reporter, 'src/main.ts'], {
      cwd: checkout,
      env: { PATH: process.env.PATH ?? '', PORT: '0', LOG_LEVEL: 'silent', ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    return new ObservedGateway(child, await urlFrom(child));
  }

  /**
   * Sends an operation and returns its data.
   *
   * @throws when the response has errors
   */
  async send(query: string): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.#url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const text = await response.text();
    const { data, errors } = JSON.parse(text);
    if (!response.ok || errors)
      throw new Error(`${query} got the response ${response.status}: ${text.slice(0, 500)}`);
    return data;
  }

  /** What the gateway did since the previous report. */
  async takeActivity(): Promise<Activity> {
    this.#process.send('report');
    const [activity] = await once(this.#process, 'message');
    return activity as Activity;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exited;
  }
}

/** The address that the gateway prints once it listens. */
async function urlFrom(child: ChildProcess): Promise<string> {
  if (!child.stdout || !child.stderr) throw new Error('The process has no output');
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = `${stderr}${chunk}`.slice(-2000);
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), startTimeoutMs);
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const url = /(http:\/\/[^\s/]+)\/graphql/.exec(line)?.[1];
      if (!url) continue;
      child.stdout.resume();
      return url;
    }
  } finally {
    clearTimeout(timer);
  }
  throw new Error(
    `The gateway ended, or was ended after ${startTimeoutMs} ms, before it listened:\n${stderr}`,
  );
}
