import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Longest time that generating everything may take on a busy machine, in milliseconds. */
const timeoutMs = 60_000;

test(
  'the typed documents and possible types follow from the schema; npm run codegen writes them anew',
  async () => {
    const check = promisify(execFile)('node_modules/.bin/graphql-codegen', ['--check', '--silent']);
    const { stdout } = await check.catch((error: { stdout: string }) => error);
    expect(stdout).not.toContain('stale');
    await check;
  },
  timeoutMs,
);
