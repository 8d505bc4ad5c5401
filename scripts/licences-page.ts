/** The part of `package-lock.json` that the page needs. */
export interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly optional?: boolean;
}

interface Listed {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
}

/** The page that lists every production dependency with its licence. */
export function licencesPage(lock: Lock): string {
  const rows = runtimePackages(lock).map(
    ({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`,
  );
  return `# Licences

The packages that a running gateway consists of, beside its own code under the MIT licence, as \`package-lock.json\` names them; \`npm run docs\` writes this page. Development tools are not part of it. \`@apollo/federation-internals\`, which \`@apollo/subgraph\` needs, has the Elastic License 2.0: it may be used, changed and passed on, but not be offered to others as a managed service of its own.

| package | version | licence |
| --- | --- | --- |
${rows.join('\n')}
`;
}

/** Every package that `npm ci --omit=dev` installs. */
export function runtimePackages({ packages }: Lock): readonly Listed[] {
  const listed = Object.entries(packages).flatMap(([path, { version = '', license, dev, devOptional }]) => {
    const name = path.replace(/^.*node_modules\//, '');
    return path === '' || dev || devOptional ? [] : [{ name, version, licence: license ?? 'not stated' }];
  });
  const byText = new Map(listed.map((each) => [`${each.name} ${each.version}`, each]));
  return [...byText.keys()].sort().flatMap((text) => byText.get(text) ?? []);
}
