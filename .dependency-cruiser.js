/**
 * What each module of `src/` may import of `src/`, types included; a file beside the folders counts as a module. Records
 * flow one way: catalogue, records, retrieval, operation, graphql, http, bootstrap, gateway, main.
 */
const mayImport = {
  catalogue: [],
  records: ['catalogue', 'type-graphql', 'errors', 'mask-text'],
  vonage: ['catalogue', 'clock', 'errors', 'event-loop', 'mask-text'],
  traffic: ['clock', 'errors'],
  retrieval: ['catalogue', 'records', 'vonage', 'traffic', 'clock', 'errors', 'event-loop', 'mask-text'],
  access: ['catalogue', 'vonage/credentials', 'clock', 'errors'],
  limits: ['catalogue', 'records', 'errors'],
  operation: [
    ...['catalogue', 'records', 'retrieval', 'traffic/quota', 'access', 'limits', 'clock', 'errors'],
    'event-loop',
  ],
  graphql: [
    ...['catalogue', 'records', 'retrieval', 'access', 'limits', 'operation', 'type-graphql', 'errors'],
    'event-loop',
  ],
  http: ['catalogue', 'access', 'operation', 'graphql', 'clock', 'errors', 'package-files', 'urls'],
  observability: ['catalogue', 'retrieval', 'operation', 'clock', 'errors', 'package-files'],
  // Reads texts into what the modules take, so it names their formats and limits.
  config: [
    ...['catalogue', 'access', 'vonage/credentials', 'vonage/wire', 'limits/operation-limits'],
    ...['graphql/trusted-documents', 'http/connections', 'traffic/resilience/redis-url', 'errors', 'urls'],
  ],
  simulator: ['catalogue', 'records', 'vonage/wire', 'clock', 'event-loop'],
  bootstrap: [
    ...['catalogue', 'records', 'vonage', 'traffic', 'retrieval', 'access', 'limits', 'operation', 'graphql'],
    ...['http', 'observability', 'config', 'clock', 'errors', 'logger', 'mask-text', 'urls', 'package-files'],
  ],
  gateway: [
    'bootstrap',
    'config',
    'retrieval',
    'operation',
    'graphql',
    'http',
    'clock',
    'logger',
    'package-files',
  ],
  'embedded-simulator': ['bootstrap/build-schema', 'config/config', 'simulator'],
  serve: ['bootstrap', 'config', 'embedded-simulator', 'gateway'],
  'command-line': [
    'access/grants',
    'bootstrap/startup-checks',
    'config/config-problems',
    'serve',
    'package-files',
  ],
  // It loads the rest when the process has been checked.
  main: ['bootstrap/startup-checks', 'command-line'],
  'records-command': [
    ...[
      'access/principal',
      'bootstrap',
      'config',
      'embedded-simulator',
      'gateway',
      'logger',
      'records-client',
      'urls',
      'package-files',
    ],
  ],
  // The lookup page imports it, too, so it must run in a browser.
  'records-client': [],
  ...{
    clock: [],
    errors: [],
    'event-loop': [],
    logger: [],
    'mask-text': ['catalogue'],
    'package-files': [],
    urls: [],
    'type-graphql': [],
  },
};

/** The only modules that may import a package. A package that is not listed is free. */
const importedBy = {
  '(type-graphql|reflect-metadata)': ['type-graphql'],
  '(@apollo/[^/]+|graphql|graphql-scalars)': [
    ...['records', 'limits', 'graphql', 'http', 'bootstrap', 'records-command'],
  ],
  'csv-(parse|stringify)': ['records-command'],
  '(fastify|@fastify/[^/]+)': ['http', 'simulator'],
  undici: ['vonage'],
  ioredis: ['traffic'],
  'prom-client': ['observability'],
  // The others name only the type of a span's identity.
  '@opentelemetry/api': ['observability', 'operation', 'retrieval'],
};

const pathOf = (modules) => `^src/(${modules.join('|')})[/.]`;
const error = (name, from, to, comment) => ({ name, severity: 'error', from, to, comment });

export default {
  forbidden: [
    ...Object.entries(mayImport).map(([name, others]) =>
      error(
        `${name}-imports`,
        { path: pathOf([name]) },
        { path: '^src/', pathNot: pathOf([name, ...others]) },
        `Of src, ${name} may import ${others.join(', ') || 'nothing'}.`,
      ),
    ),
    ...Object.entries(importedBy).map(([name, modules]) =>
      error(
        `package-${name}`,
        { path: '^src/', pathNot: pathOf(modules) },
        { path: `node_modules/${name}/` },
        `Only ${modules.join(', ')} may import this package.`,
      ),
    ),
    error('no-unknown-module', { path: '^src/', pathNot: pathOf(Object.keys(mayImport)) }, {}),
    error(
      'simulator-on-demand',
      { path: '^src/', pathNot: pathOf(['simulator']) },
      { path: pathOf(['simulator']), dynamic: false },
    ),
    error('src-alone', { path: '^src/' }, { pathNot: '^src/|node_modules/', dependencyTypesNot: ['core'] }),
    error(
      'lookup-page-imports',
      { path: '^lookup-page/' },
      { path: '^src/', pathNot: pathOf(['records-client']) },
      'Of src, the lookup page may import records-client, which runs in a browser.',
    ),
    error('no-development-package', { path: '^src/' }, { dependencyTypes: ['npm-dev', 'npm-no-pkg'] }),
    error('no-circle', {}, { circular: true }),
    error(
      'no-orphan',
      { path: '^src/(main|records-command/main)\\.ts$' },
      { path: '^src/', pathNot: '^src/(main|records-command/main)\\.ts$', reachable: false },
    ),
    error('no-unresolvable', {}, { couldNotResolve: true }),
    error('plain-names', {}, { path: ['^src/.*[A-Z_]', '^src/.*(util|helper)s?[-./]'] }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // The compared gateways and the tracing example are packages of their own.
    exclude: { path: '^(bench/peers|examples/tracing)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    // A package of types alone is found by its field `types`.
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
};
