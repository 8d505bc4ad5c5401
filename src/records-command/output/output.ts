import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { UsageError } from '../options.js';

/** Where the lines of a run go. */
export interface Output {
  /** Bytes that it holds; 0 where it is no file. */
  readonly bytes: number;
  write(text: string): Promise<void>;
  /** @param isComplete whether the run did all that it should; else the partial output stays to be resumed */
  close(isComplete: boolean): Promise<void>;
}

/** Standard output, as fast as its reader takes it. */
export class StreamOutput implements Output {
  readonly bytes = 0;
  readonly #stream: Writable;

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  async write(text: string): Promise<void> {
    if (text === '' || this.#stream.destroyed || this.#stream.write(text)) return;
    await once(this.#stream, 'drain').catch(ignoreClosedPipe);
  }

  async close(): Promise<void> {}
}

/** The reader of a pipe, such as `head`, may have enough before the run ends; the program hears of it from the stream. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/** A file that has its name only when it is complete; until then it is called as `partOf` says. */
export class FileOutput implements Output {
  readonly #path: string;
  readonly #file: FileHandle;
  #bytes: number;

  private constructor(path: string, file: FileHandle, bytes = 0) {
    this.#path = path;
    this.#file = file;
    this.#bytes = bytes;
  }

  /**
   * Opens a new partial file.
   *
   * @throws UsageError where an interrupted run has left one, or the file cannot be written
   */
  static async create(path: string): Promise<FileOutput> {
    const part = partOf(path);
    if (existsSync(part))
      throw new UsageError(
        `${part} is left from an interrupted run: go on with --resume ${part}, or delete it.`,
      );
    return new FileOutput(path, await openFile(part, 'ax'));
  }

  /** Goes on with a partial file, behind its first bytes. */
  static async append(path: string, bytes: number): Promise<FileOutput> {
    const file = await openFile(partOf(path), 'a');
    await file.truncate(bytes);
    return new FileOutput(path, file, bytes);
  }

  get bytes(): number {
    return this.#bytes;
  }

  async write(text: string): Promise<void> {
    if (text === '') return;
    await this.#file.writeFile(text);
    this.#bytes += Buffer.byteLength(text);
  }

  async close(isComplete: boolean): Promise<void> {
    await this.#file.close();
    if (isComplete) await rename(partOf(this.#path), this.#path);
    else if (this.#bytes === 0) await unlink(partOf(this.#path));
  }
}

/** Name of a file until it is complete. */
export function partOf(path: string): string {
  return `${path}.part`;
}

async function openFile(path: string, flags: string): Promise<FileHandle> {
  try {
    // Records hold telephone numbers, so others on the machine must not read them.
    return await open(path, flags, 0o600);
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${(error as NodeJS.ErrnoException).code}.`);
  }
}
