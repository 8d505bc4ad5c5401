import { type Stats, unwatchFile, watchFile } from 'node:fs';

/** Milliseconds between two looks. */
const intervalMs = 1000;

/**
 * Calls back when one of the files has changed, appeared or gone. It looks at them in turn instead of waiting for events of
 * the file system: a mounted secret is changed by moving a link somewhere above it, of which no event tells.
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
