import { readFileSync } from 'node:fs';

/** Open files below which Node cannot load the modules of the gateway. It opens them together, and 128 are too few. */
const minOpenFiles = 256;

/** Open files that the system allows this process; undefined on a system that does not tell. Node has raised the soft limit. */
export function openFilesLimit(): number | undefined {
  try {
    const [, soft] =
      /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    if (soft === undefined) return undefined;
    return soft === 'unlimited' ? Infinity : Number(soft);
  } catch (error) {
    // Without a free descriptor the limit cannot even be read.
    return (error as NodeJS.ErrnoException).code === 'EMFILE' ? 0 : undefined;
  }
}

/** Why the process cannot load its modules; undefined when it can. Node itself would call a package missing. */
export function openFilesObstacle(limit: number | undefined): string | undefined {
  if (limit === undefined || limit >= minOpenFiles) return undefined;
  return `The system allows this process ${limit} open files, and the gateway needs at least ${minOpenFiles} to start: raise the limit (ulimit -n, LimitNOFILE of systemd, ulimits of a container).`;
}
