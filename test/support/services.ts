import { existsSync } from 'node:fs';

interface Service {
  readonly paths: readonly string[];
  /** The Debian package that installs the program. */
  readonly package: string;
}

/** Programs that a suite drives and a machine may lack. */
const services = {
  bwrap: { paths: ['/usr/bin/bwrap', '/usr/local/bin/bwrap'], package: 'bubblewrap' },
  chromium: {
    paths: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
    package: 'chromium',
  },
  openssl: { paths: ['/usr/bin/openssl', '/usr/local/bin/openssl'], package: 'openssl' },
  prometheus: { paths: ['/usr/bin/prometheus', '/usr/local/bin/prometheus'], package: 'prometheus' },
  promtool: { paths: ['/usr/bin/promtool', '/usr/local/bin/promtool'], package: 'prometheus' },
  'redis-server': {
    paths: ['/usr/bin/redis-server', '/usr/local/bin/redis-server'],
    package: 'redis-server',
  },
  script: { paths: ['/usr/bin/script'], package: 'bsdutils' },
  'systemd-analyze': { paths: ['/usr/bin/systemd-analyze', '/bin/systemd-analyze'], package: 'systemd' },
} as const satisfies Readonly<Record<string, Service>>;

export type ServiceName = keyof typeof services;

/** The path of a program. Without it the suite is skipped; see `reportMissingService`. */
export function findService(name: ServiceName): string | undefined {
  const { paths, package: packageName } = services[name];
  const path = paths.find((each) => existsSync(each));
  if (!path) reportMissingService(`${name} is not installed`, `apt-get install ${packageName}`);
  return path;
}

/**
 * Prints that a suite is skipped and why. Throws instead with `REQUIRE_SERVICES=1`, because CI installs every program
 * and a skipped suite would go unnoticed there.
 */
export function reportMissingService(reason: string, remedy: string): void {
  const message = `${reason}, so the suite that drives it is SKIPPED (${remedy}).`;
  if (process.env.REQUIRE_SERVICES === '1') throw new Error(message);
  process.stderr.write(`\n*** ${message} ***\n\n`);
}
