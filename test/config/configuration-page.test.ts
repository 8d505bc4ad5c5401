import { readFileSync } from 'node:fs';
import { configurationPage } from '../../scripts/configuration-page.js';
import { settingGroups } from '../../src/config/settings.js';

const settings = Object.values(settingGroups).flatMap((group) => Object.values(group));

const page = readFileSync('docs/configuration.md', 'utf8');

test('docs/configuration.md is as `npm run docs` writes it', () => {
  expect(page).toBe(configurationPage(page));
});

test('the page has one row for each setting', () => {
  const rows = [...page.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, key]) => key);
  expect(rows.toSorted()).toEqual(settings.map(({ key }) => key).toSorted());
});

test.each(settings.map(({ key, sentence }) => [key, sentence]))(
  'the row of %s is complete in itself',
  (_key, sentence) => {
    expect(sentence).toMatch(/^[A-Z].*\.$/);
    expect(sentence).not.toMatch(/^The same|\bthe same (for|as|inside)\b|\b(see|as) (above|below)\b/i);
  },
);
