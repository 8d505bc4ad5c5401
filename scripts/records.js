/** Builds what changed, then runs `vonage-records` in this process with the words of the command line. */
import { spawnSync } from 'node:child_process';

const { status } = spawnSync(process.execPath, ['scripts/build.js'], { stdio: 'inherit' });
if (status === 0) await import(new URL('../dist/records-command/main.js', import.meta.url).href);
else process.exitCode = status ?? 1;
