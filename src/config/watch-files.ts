import { type Stats, unwatchFile, watchFile } from 'node:fs';

/** Milliseconds between two checks of a file. */
const intervalMs = 1000;

/**
 * Calls back when one of the files changes, appears or disappears. Polls the files in place of waiting for file system
 * events: a mounted secret changes when a link above it moves, and no event reports that.
 *
 * @returns stops watching
 */
export function watchFiles(paths: readonly string[], onChange: () => void): () => void {
  const listener = (now: Stats, before: Stats) => {
    if (now.mtimeMs !== before.mtimeMs || now.ino !== before.ino || now.size !== before.size) onChange();
  };
  for (const path of new Set(paths)) watchFile(path, { interval: intervalMs, persistent: false }, listener);
  return () => {
    for (const path of new Set(paths)) unwatchFile(path, listener);
  };
}
