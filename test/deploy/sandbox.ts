import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { ImageSettings } from './dockerfile.js';

export interface SandboxOptions {
  /** Path of bubblewrap. */
  readonly program: string;
  /** Root folder of the image; only its working folder is used, since the machine stands in for the base image. */
  readonly imageRoot: string;
  readonly settings: ImageSettings;
}

export interface SandboxResult {
  readonly code: number | null;
  readonly stderr: string;
}

/** The kernel's user for a process of a root user, so that the sandbox never has rights on files of root. */
const unprivileged = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/**
 * Runs commands as a container of an image would: as its user, with its environment, in namespaces of their own, as
 * process 1, on a root file system that cannot be written. The network is the machine's.
 */
export class Sandbox {
  readonly #options: SandboxOptions;

  constructor(options: SandboxOptions) {
    this.#options = options;
  }

  /** Why no command can run here; undefined when one can. */
  findObstacle(): string | undefined {
    const args = this.#arguments(['node', '--version'], {});
    const { status, stderr } = spawnSync(this.#options.program, args, { ...unprivileged, encoding: 'utf8' });
    return status === 0 ? undefined : stderr.trim();
  }

  /** Runs a command to its end. */
  async run(
    command: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<SandboxResult> {
    const child = spawn(this.#options.program, this.#arguments(command, environment), {
      ...unprivileged,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const stderr = text(child.stderr);
    const [code] = (await once(child, 'exit')) as [number | null];
    return { code, stderr: await stderr };
  }

  /** Starts the image's own command, and resolves when the gateway listens. */
  async start(environment: Readonly<Record<string, string>>): Promise<SandboxedGateway> {
    const args = this.#arguments(this.#options.settings.command, environment, ['--info-fd', '3']);
    const child = spawn(this.#options.program, args, {
      ...unprivileged,
      stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
    });
    const exited = once(child, 'exit') as Promise<[number | null]>;
    const info = JSON.parse(await text(child.stdio[3] as Readable)) as { 'child-pid': number };
    return new SandboxedGateway(await listeningUrl(child), info['child-pid'], exited);
  }

  #arguments(
    command: readonly string[],
    environment: Readonly<Record<string, string>>,
    more: readonly string[] = [],
  ): string[] {
    const { imageRoot, settings } = this.#options;
    const { workingFolder, userId, groupId } = settings;
    const variables = { ...settings.environment, ...environment, PATH: '/node:/usr/bin:/bin' };
    return [
      ...['--unshare-user', '--uid', `${userId}`, '--gid', `${groupId}`],
      ...['--unshare-pid', '--as-pid-1', '--unshare-ipc', '--unshare-uts', '--die-with-parent'],
      ...systemFolders(),
      ...['--ro-bind', process.execPath, '/node/node', '--proc', '/proc', '--dev', '/dev'],
      ...['--ro-bind', join(imageRoot, workingFolder), workingFolder, '--chdir', workingFolder],
      ...['--remount-ro', '/', '--clearenv'],
      ...Object.entries(variables).flatMap(([name, value]) => ['--setenv', name, value]),
      ...more,
      '--',
      ...command,
    ];
  }
}

/** The gateway inside a sandbox. */
export class SandboxedGateway {
  constructor(
    readonly url: string,
    /** Its process id on the machine; inside the sandbox it is 1. */
    readonly processId: number,
    readonly exited: Promise<readonly [number | null]>,
  ) {}
}

/** What the base image has and the gateway uses: programs, libraries, certificates and name resolution. */
function systemFolders(): readonly string[] {
  const links = ['/bin', '/lib', '/lib64', '/sbin'].filter((path) => existsSync(path));
  const etc = ['/etc/ssl', '/etc/hosts', '/etc/nsswitch.conf', '/etc/resolv.conf'];
  return [
    ...['--ro-bind', '/usr', '/usr'],
    ...links.flatMap((path) =>
      lstatSync(path).isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path],
    ),
    ...etc.flatMap((path) => ['--ro-bind-try', path, path]),
  ];
}

async function listeningUrl(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('The gateway has no output');
  for await (const line of createInterface({ input: child.stdout })) {
    const [, url] = /(http:\/\/127\.0\.0\.1:\d+)\/graphql/.exec(line) ?? [];
    if (!url) continue;
    child.stdout.resume();
    return url;
  }
  throw new Error('The gateway ended before it listened');
}
