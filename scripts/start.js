/** Builds what changed, then runs the gateway in this process, so that signals reach it. */
import { spawnSync } from 'node:child_process';

const { status } = spawnSync(process.execPath, ['scripts/build.js'], { stdio: 'inherit' });
if (status === 0) await import(new URL('../dist/main.js', import.meta.url).href);
else process.exitCode = status ?? 1;
