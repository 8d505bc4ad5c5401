import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Packs the built gateway, and installs it with production packages only in a project that it makes in a folder. */
export function installPacked(folder) {
  const npm = (args, cwd) =>
    execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  const [packed] = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], '.'));
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const options = ['--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  npm(['install', ...options, `./${packed.filename}`], folder);
}
