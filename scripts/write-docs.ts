/**
 * Writes the parts of the documentation that follow from the code. With --check it writes nothing, names what is stale and
 * ends with 1.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { settings } from '../src/config/settings.js';
import { buildGatewaySchema } from '../src/graphql/schema.js';
import { licencesPage } from './licences-page.js';
import { recordsPage } from './records-page.js';
import { settingsTable } from './settings-table.js';

const check = process.argv.includes('--check');

const readme = readFileSync('README.md', 'utf8');
const table = `$1\n${settingsTable(settings)}$2`;
emit('README.md', readme.replace(/(<!-- settings.*?-->)\n.*?(<!-- \/settings -->)/s, table));

emit('docs/records.md', recordsPage(await buildGatewaySchema()));
emit('docs/licences.md', licencesPage(JSON.parse(readFileSync('package-lock.json', 'utf8'))));

function emit(path: string, text: string): void {
  if (!check) writeFileSync(path, text);
  else if (readFileSync(path, 'utf8') !== text) {
    process.stderr.write(`${path} is stale; npm run docs writes it anew.\n`);
    process.exitCode = 1;
  }
}
