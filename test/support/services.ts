import { existsSync } from 'node:fs';

/** Programs that a suite drives and a machine may lack. */
const places = {
  chromium: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  'redis-server': ['/usr/bin/redis-server', '/usr/local/bin/redis-server'],
} as const;

/**
 * The path of a program, or undefined when the machine lacks it; that is said aloud, and is a failure where CI has
 * promised to install it.
 */
export function findService(name: keyof typeof places): string | undefined {
  const path = places[name].find((each) => existsSync(each));
  if (path) return path;
  const message = `${name} is not installed, so the suite that drives it is SKIPPED (apt-get install ${name}).`;
  if (process.env.REQUIRE_SERVICES === '1') throw new Error(message);
  process.stderr.write(`\n*** ${message} ***\n\n`);
  return undefined;
}
