import { execFileSync } from 'node:child_process';

/** Builds the program that tests start as a process, once for all of them. Nothing happens when no source has changed. */
export default function buildProgram() {
  execFileSync(process.execPath, ['scripts/build.js', 'compile', 'documents', 'client'], {
    stdio: 'inherit',
  });
}
