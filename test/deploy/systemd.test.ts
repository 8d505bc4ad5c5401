import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findService } from '../support/services.js';

const program = findService('systemd-analyze');
const describeWithSystemd = program ? describe : describe.skip;
const unit = readFileSync('deploy/vonage-records-gateway.service', 'utf8');
const run = (...args: string[]) => promisify(execFile)(program ?? '', args);

describeWithSystemd('The systemd unit', () => {
  let folder = '';
  let file = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'unit-'));
    file = join(folder, 'vonage-records-gateway.service');
    // The program must exist where it is verified, and Node is in different places.
    await writeFile(file, unit.replace('/usr/bin/node', process.execPath));
  });

  afterAll(() => rm(folder, { recursive: true }));

  test('is a valid unit without warnings', async () => {
    const { stdout, stderr } = await run('verify', '--man=no', '--recursive-errors=no', file);
    expect(stdout + stderr).toBe('');
  });

  test('is hardened: systemd rates its exposure 1.2 of 10 at most', async () => {
    await run('security', '--offline=true', '--threshold=12', file);
  });
});

test('the systemd unit reads secrets from credentials only', () => {
  const settings = [...unit.matchAll(/^Environment=(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]);
  const credentials = [...unit.matchAll(/^LoadCredential=([\w-]+):/gm)].map(([, name]) => name);
  expect(Object.fromEntries(settings)).toEqual({
    NODE_ENV: 'production',
    AUTH_MODE: 'token',
    VONAGE_API_SECRET_FILE: '%d/vonage-api-secret',
    AUTH_TOKENS_FILE: '%d/auth-tokens',
  });
  expect(credentials).toEqual(['vonage-api-secret', 'auth-tokens']);
});
