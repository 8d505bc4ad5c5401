import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What the audit step makes of a registry that answers with a status, as a process in the project's folder. */
async function audit(status: number, ...words: string[]): Promise<{ code: number; stdout: string }> {
  const registry = createServer((_request, response) => response.writeHead(status).end('{}'));
  await once(registry.listen(0, '127.0.0.1'), 'listening');
  const { port } = registry.address() as AddressInfo;
  const child = spawn(process.execPath, ['scripts/audit.js', ...words], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      npm_config_registry: `http://127.0.0.1:${port}/`,
      npm_config_fetch_retries: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  registry.closeAllConnections();
  registry.close();
  return { code, stdout };
}

test('the audit passes where the registry knows no vulnerability, and fails where it does not answer', async () => {
  const [answered, unanswered, allowed] = await Promise.all([
    audit(200),
    audit(404),
    audit(404, '--allow-unanswered'),
  ]);
  expect(answered).toEqual({ code: 0, stdout: expect.stringContaining('"critical":0') });
  expect(unanswered).toEqual({ code: 1, stdout: expect.stringMatching(/^NOT AUDITED.*--allow-unanswered/s) });
  expect(allowed).toEqual({ code: 0, stdout: expect.stringMatching(/^NOT AUDITED/) });
}, 180_000);

test('npm runs no script of a package at its installation', () => {
  for (const file of ['.npmrc', 'bench/peers/.npmrc'])
    expect(readFileSync(file, 'utf8')).toMatch(/^ignore-scripts=true$/m);
});

test('no script of this project relies on npm to run another one before or after it', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const names = Object.keys(scripts);
  const hooks = names.flatMap((name) => [`pre${name}`, `post${name}`]).filter((hook) => names.includes(hook));
  expect([
    ...hooks,
    ...names.filter((name) => /^(pre|post)(install|pack|publish)$|^prepare$/.test(name)),
  ]).toEqual([]);
});
