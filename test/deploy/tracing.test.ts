import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const readPackage = (path: string): { dependencies: Record<string, string> } =>
  JSON.parse(readFileSync(path, 'utf8'));

test('the tracing example names an exact version of every package that it imports', () => {
  const { dependencies } = readPackage('examples/tracing/package.json');
  const script = readFileSync('examples/tracing/tracing.js', 'utf8');
  const imported = [...script.matchAll(/from '(.+)'/g)].map(([, name]) => name);
  expect(Object.keys(dependencies)).toEqual(expect.arrayContaining(imported));
  for (const version of Object.values(dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
});

test('the tracing example is valid JavaScript and none of its SDK belongs to the gateway', () => {
  execFileSync(process.execPath, ['--check', 'examples/tracing/tracing.js']);
  const gateway = Object.keys(readPackage('package.json').dependencies);
  const { '@opentelemetry/api': api, ...sdk } = readPackage('examples/tracing/package.json').dependencies;
  expect(api).toMatch(/^1\.9\./);
  expect(gateway.filter((name) => name in sdk)).toEqual([]);
});
