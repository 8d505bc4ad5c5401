#!/usr/bin/env node
import { openFilesLimit, openFilesObstacle } from './bootstrap/startup-checks.js';

// By default, SIGUSR1 opens Node's debugger, which gives every secret to any process of this machine. This listener takes
// its place before any other module loads.
process.on('SIGUSR1', () => {});

const obstacle = openFilesObstacle(openFilesLimit());
if (obstacle) {
  process.stderr.write(`${obstacle}\n`);
  process.exitCode = 1;
} else {
  const { runCommandLine } = await import('./command-line.js');
  await runCommandLine(process.argv.slice(2));
}
