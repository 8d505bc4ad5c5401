import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { buildServedSchema } from '../../src/bootstrap/build-schema.js';
import { Simulator, simulatorCredentials } from '../../src/simulator/simulator.js';
import { findService, reportMissingService } from '../support/services.js';
import { ask } from '../support/start-gateway.js';
import { buildImageRoot, imageSettings, parseDockerfile } from './dockerfile.js';
import { Sandbox } from './sandbox.js';

const stages = parseDockerfile(readFileSync('deploy/Dockerfile', 'utf8'));
const lastStage = stages[stages.length - 1] ?? { name: undefined, instructions: [] };
const settings = imageSettings(lastStage);

const folder = await mkdtemp(join(tmpdir(), 'image-'));
const sandbox = await findSandbox();
const describeWithSandbox = sandbox ? describe : describe.skip;
const buildTimeoutMs = 600_000;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describeWithSandbox('A container of the image', () => {
  let root = '';
  const container = sandbox as Sandbox;

  beforeAll(async () => {
    const contextFolder = resolve('.');
    root = await buildImageRoot(stages, { contextFolder, targetFolder: folder, run: runStep });
  }, buildTimeoutMs);

  test('holds the built gateway and production packages, and neither sources nor development packages', () => {
    const app = join(root, settings.workingFolder);
    expect(existsSync(join(app, 'dist/main.js'))).toBe(true);
    expect(existsSync(join(app, 'node_modules/@apollo/server'))).toBe(true);
    for (const name of ['typescript', 'jest', 'esbuild', '@biomejs'])
      expect(existsSync(join(app, 'node_modules', name))).toBe(false);
    for (const name of ['src', 'test', '.git', '.env']) expect(readdirSync(app)).not.toContain(name);
  });

  test('cannot write anywhere in its file system', async () => {
    for (const path of [settings.workingFolder, '/', '/usr', '/etc']) {
      const script = `require('node:fs').writeFileSync(${JSON.stringify(join(path, 'file'))}, '')`;
      const { code, stderr } = await container.run(['node', '-e', script]);
      expect(code).toBe(1);
      expect(stderr).toMatch(/EROFS|EACCES/);
    }
  });

  test('serves lookups as an unprivileged user, is healthy meanwhile, and ends with 0 on SIGTERM', async () => {
    const { shapes } = await buildServedSchema();
    await using simulator = await Simulator.start({ shapes });
    const gateway = await container.start(environmentFor(simulator.url));
    const { PORT, ...otherVariables } = { ...environmentFor(simulator.url), PORT: new URL(gateway.url).port };

    const { data } = await ask(
      gateway.url,
      '{ record(id: "15000000E1F8B123", product: SMS, direction: OUTBOUND) { totalPrice } }',
    );
    expect(data).toEqual({ record: { totalPrice: '0.03330000' } });
    expect(userIdOf(gateway.processId)).not.toBe(0);
    expect(await container.run(settings.healthCheck, { ...otherVariables, PORT })).toEqual({
      code: 0,
      stderr: '',
    });

    process.kill(gateway.processId, 'SIGTERM');
    expect((await gateway.exited)[0]).toBe(0);
    expect((await container.run(settings.healthCheck, { ...otherVariables, PORT })).code).toBe(1);
  }, 120_000);
});

describe('The Dockerfile', () => {
  const instructions = stages.flatMap((stage) => stage.instructions);

  test('lets the build see what it copies and nothing else', () => {
    const lines = readFileSync('deploy/Dockerfile.dockerignore', 'utf8').split('\n');
    const allowed = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    const copied = instructions
      .filter(({ keyword, text }) => keyword === 'COPY' && !text.startsWith('--from='))
      .flatMap(({ text }) => text.split(' ').slice(0, -1));
    expect(lines.filter((line) => line !== '' && !/^[#!]/.test(line))).toEqual(['*']);
    expect(allowed.sort()).toEqual([...new Set(copied)].sort());
  });

  test('contains no secret and listens where the container network reaches it', () => {
    expect(instructions.map(({ text }) => text).join('\n')).not.toMatch(/SECRET|PASSWORD|TOKEN/i);
    expect(settings.environment).toEqual({ NODE_ENV: 'production', HOST: '0.0.0.0', PORT: '4000' });
  });
});

/** Runs before the build, so that a machine without namespaces for users skips at once. */
async function findSandbox(): Promise<Sandbox | undefined> {
  const program = findService('bwrap');
  if (!program) return undefined;
  // The sandboxed user is another one than the user who builds.
  await chmod(folder, 0o755);
  const imageRoot = join(folder, 'image');
  await mkdir(join(imageRoot, settings.workingFolder), { recursive: true });
  const found = new Sandbox({ program, imageRoot, settings });
  const obstacle = found.findObstacle();
  if (!obstacle) return found;
  reportMissingService(`bwrap cannot run here: ${obstacle}`, 'allow unprivileged user namespaces');
  return undefined;
}

/** The packages for the build are those that run this test, installed from the same lock file. */
async function runStep(command: string, stageFolder: string): Promise<void> {
  if (command.startsWith('npm ci') && !command.includes('--omit=dev'))
    return symlink(resolve('node_modules'), join(stageFolder, 'node_modules'));
  await promisify(execFile)('sh', ['-c', command], { cwd: stageFolder, env: stepEnvironment() });
}

/** Without what `npm test` and Jest add for this process; packages come from npm's cache where it has them. */
function stepEnvironment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(
    ([name]) => name !== 'NODE_ENV' && !name.startsWith('npm_'),
  );
  return {
    ...Object.fromEntries(entries),
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    npm_config_prefer_offline: 'true',
  };
}

/** On loopback and free ports, since the sandbox shares the machine's network. */
function environmentFor(simulatorUrl: string): Readonly<Record<string, string>> {
  return {
    HOST: '127.0.0.1',
    PORT: '0',
    ADMIN_PORT: '0',
    VONAGE_API_KEY: simulatorCredentials.apiKey,
    VONAGE_API_SECRET: simulatorCredentials.apiSecret,
    VONAGE_BASE_URL: simulatorUrl,
  };
}

function userIdOf(processId: number): number {
  return Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${processId}/status`, 'utf8'))?.[1]);
}
