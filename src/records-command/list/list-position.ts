import { readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { UsageError } from '../options.js';
import { partOf } from '../output/output.js';

/** Where a list goes on: behind a whole page. */
export interface Position {
  /** Cursor of the gateway; undefined for the first page. */
  readonly after: string | undefined;
  /** Bytes of the partial output that hold the pages before it. */
  readonly bytes: number;
}

/**
 * Reads where an interrupted list stopped.
 *
 * @param part the partial output; undefined for a new run
 * @throws UsageError where the file beside it does not tell
 */
export async function readListPosition(part: string | undefined): Promise<Position | undefined> {
  if (part === undefined) return undefined;
  try {
    return JSON.parse(await readFile(cursorFileOf(part), 'utf8')) as Position;
  } catch (error) {
    throw new UsageError(
      `--resume needs ${cursorFileOf(part)}, which cannot be read: ${(error as Error).message}.`,
    );
  }
}

/** Remembers, beside a partial output, where its list goes on. A list on standard output cannot be resumed. */
export class ListPosition {
  readonly #path: string | undefined;

  constructor(out: string | undefined) {
    this.#path = out === undefined ? undefined : cursorFileOf(partOf(out));
  }

  /** Replaces the file as a whole, so that a killed process leaves the old one or the new one. */
  async save(position: Position): Promise<void> {
    if (this.#path === undefined) return;
    await writeFile(`${this.#path}.new`, JSON.stringify(position), { mode: 0o600 });
    await rename(`${this.#path}.new`, this.#path);
  }

  async close(isComplete: boolean): Promise<void> {
    if (this.#path !== undefined && isComplete) await unlink(this.#path).catch(() => {});
  }
}

function cursorFileOf(part: string): string {
  return `${part}.cursor`;
}
