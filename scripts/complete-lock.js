/**
 * Adds to package-lock.json the optional binaries of other platforms that npm left out because the registry mirror it
 * was written against does not carry them; `npm ci` rejects a lock file without them. Run it after every `npm install`.
 * Such an entry has no integrity hash: on its own platform npm fetches that version by name.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const systems = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
  'aix',
];
const processors = [
  'arm64',
  'arm',
  'x64',
  'ia32',
  'ppc64',
  'riscv64',
  's390x',
  'loong64',
  'mips64el',
  'wasm32',
];

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (!isLocked(path, name)) lock.packages[`node_modules/${name}`] = missing(name, version, entry);
  }
}
const { '': root, ...others } = lock.packages;
lock.packages = {
  '': root,
  ...Object.fromEntries(Object.entries(others).sort(([one], [other]) => (one < other ? -1 : 1))),
};
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);

function isLocked(path, name) {
  return lock.packages[`node_modules/${name}`] || lock.packages[`${path}/node_modules/${name}`];
}

/** The name of such a package holds its platform. `arm` must match as a whole word. */
function missing(name, version, { dev }) {
  const words = name.split(/[-/_]/);
  const os = systems.filter((each) => words.includes(each));
  const cpu = processors.filter((each) =>
    words.some(
      (word) => word === each || (each === 'arm' && /^arm(v\d)?(eabi|$)/.test(word) && word !== 'arm64'),
    ),
  );
  const libc = words.includes('musl') ? ['musl'] : words.includes('gnu') ? ['glibc'] : undefined;
  process.stdout.write(`${name}@${version} ${os} ${cpu}\n`);
  return {
    version,
    ...(cpu.length > 0 && { cpu }),
    ...(dev && { dev }),
    ...(libc && { libc }),
    optional: true,
    ...(os.length > 0 && { os }),
  };
}
