#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { ConfigError } from '../config/config-problems.js';
import { version } from '../package-files.js';
import { RefusedOperation } from '../records-client/operations.js';
import { help, readOptions, UsageError } from './options.js';
import { run } from './run.js';

/** Exit status of a wrong command line, as `sysexits.h` has it. */
const usageStatus = 64;
const failedStatus = 2;
/** Codes of an operation that a changed command line makes right. */
const usageCodes = new Set(['USAGE', 'BAD_USER_INPUT']);

/**
 * By itself V8 lets garbage fill several times what is alive, as suits a server. It reads these flags each time that it
 * sizes its heap: the young generation stays small, and the old one is collected early.
 */
for (const flag of ['--optimize-for-size', '--semi-space-growth-factor=1']) setFlagsFromString(flag);

const interruption = new AbortController();
// The first signal ends the run in order; the second one, by Node's default, at once.
process.once('SIGINT', () => interruption.abort());
process.once('SIGTERM', () => interruption.abort());
// The reader of a pipe, such as `head`, may have enough before the run ends.
process.stdout.on('error', () => interruption.abort());
process.exitCode = await exitStatus(process.argv.slice(2));

async function exitStatus(words: readonly string[]): Promise<number> {
  try {
    const options = readOptions(words);
    if (options === 'help') return print(help);
    if (options === 'version') return print(`${version}\n`);
    const { env: environment, stdin, stdout, stderr } = process;
    return await run(options, { environment, stdin, stdout, stderr, interrupted: interruption.signal });
  } catch (error) {
    return statusOf(error);
  }
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function statusOf(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`vonage-records: ${error.message}\nvonage-records --help shows how to use it.\n`);
    return usageStatus;
  }
  if (error instanceof RefusedOperation && usageCodes.has(error.code)) {
    process.stderr.write(`vonage-records: ${error.message}\n`);
    return usageStatus;
  }
  const isExpected = error instanceof RefusedOperation || error instanceof ConfigError;
  process.stderr.write(isExpected ? `vonage-records: ${error.message}\n` : `${(error as Error).stack}\n`);
  return failedStatus;
}
