import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A Prometheus server with the project's own configuration, which scrapes one gateway. */
export class TestPrometheus {
  readonly #server: ChildProcess;
  readonly #folder: string;
  readonly #url: string;

  private constructor(server: ChildProcess, folder: string, url: string) {
    this.#server = server;
    this.#folder = folder;
    this.#url = url;
  }

  /** @param target host and port of the gateway's admin port */
  static async start(program: string, target: string): Promise<TestPrometheus> {
    const folder = await mkdtemp(join(tmpdir(), 'prometheus-'));
    const deployed = readFileSync('deploy/prometheus.yml', 'utf8');
    const file = join(folder, 'prometheus.yml');
    writeFileSync(
      file,
      deployed.replace('gateway:9464', target).replaceAll('_interval: 15s', '_interval: 1s'),
    );
    copyFileSync('deploy/alerts.rules.yml', join(folder, 'alerts.rules.yml'));
    const storage = `--storage.tsdb.path=${join(folder, 'data')}`;
    const server = spawn(program, [`--config.file=${file}`, storage, '--web.listen-address=127.0.0.1:0'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    return new TestPrometheus(server, folder, `http://${await addressOf(server)}`);
  }

  /** What its HTTP interface responds below `/api/v1`; undefined before it is ready. */
  async get<Data>(path: string): Promise<Data | undefined> {
    const response = await fetch(`${this.#url}/api/v1/${path}`);
    return response.ok ? ((await response.json()) as { data: Data }).data : undefined;
  }

  /** The value of an expression with one result; undefined without one. */
  async valueOf(expression: string): Promise<number | undefined> {
    const path = `query?query=${encodeURIComponent(expression)}`;
    const data = await this.get<{ result: readonly { value: readonly [number, string] }[] }>(path);
    const value = data?.result[0]?.value[1];
    return value === undefined ? undefined : Number(value);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#server, 'exit');
    this.#server.kill('SIGKILL');
    await ended;
    await rm(this.#folder, { recursive: true });
  }
}

/** The address that the server logs once it listens. Its later lines are read too, so that it never waits for a reader. */
async function addressOf(server: ChildProcess): Promise<string> {
  if (!server.stderr) throw new Error('Prometheus has no standard error.');
  const lines = createInterface(server.stderr);
  return new Promise((resolve, reject) => {
    lines.on('line', (line) => {
      const address = /Listening on.*address=(127\.0\.0\.1:\d+)/.exec(line)?.[1];
      if (address) resolve(address);
    });
    lines.on('close', () => reject(new Error('Prometheus ended before it listened.')));
  });
}
