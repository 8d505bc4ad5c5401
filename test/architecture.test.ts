import { existsSync, readdirSync, readFileSync } from 'node:fs';

const maxLength = 400;

// The linters check imports, names and lengths; none of them reads a README.
const folders = readdirSync('src', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

test.each(folders)('src/%s says in one paragraph of its README what it is for', (folder) => {
  const page = `src/${folder}/README.md`;
  const text = existsSync(page) ? readFileSync(page, 'utf8').trim() : '';
  expect(text).not.toBe('');
  expect(text).not.toContain('\n\n');
  expect(text.length).toBeLessThanOrEqual(maxLength);
});
