import { PassThrough, Readable } from 'node:stream';
import { readOptions } from '../../src/records-command/options.js';
import { run } from '../../src/records-command/run.js';

/** What a test gives a run, besides its words. */
interface RunOptions {
  readonly stdin?: Readable;
  readonly environment?: NodeJS.ProcessEnv;
  readonly interrupted?: AbortSignal;
  /** Whether standard output and standard error are terminals. Default: false. */
  readonly isTerminal?: boolean;
}

/** Runs a command line in this process, and collects what it prints. */
export async function runCommand(words: readonly string[], options: RunOptions = {}) {
  const { stdin = Readable.from([]), environment = {}, isTerminal = false } = options;
  const streams = [new PassThrough(), new PassThrough()] as const;
  const [stdout, stderr] = streams.map((stream) => Object.assign(stream, { isTTY: isTerminal }));
  const texts = streams.map(() => '');
  for (const [index, stream] of streams.entries())
    stream.on('data', (chunk: Buffer) => {
      texts[index] += chunk.toString();
    });
  const interrupted = options.interrupted ?? new AbortController().signal;
  const parsed = readOptions(words);
  if (typeof parsed === 'string' || !stdout || !stderr) throw new Error(`No run: ${words.join(' ')}`);
  const status = await run(parsed, { environment, stdin, stdout, stderr, interrupted });
  // Text that was written last arrives in a later tick.
  await new Promise(setImmediate);
  return { status, stdout: texts[0] ?? '', stderr: texts[1] ?? '' };
}
