/**
 * Writes the pages of the documentation that the code generates. With --check it writes nothing, lists stale pages and exits
 * with 1.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { buildGatewaySchema } from '../src/graphql/schema.js';
import { configurationPage } from './configuration-page.js';
import { licencesPage } from './licences-page.js';
import { recordsPage } from './records-page.js';

const check = process.argv.includes('--check');

emit('docs/configuration.md', configurationPage(readFileSync('docs/configuration.md', 'utf8')));
emit('docs/records.md', recordsPage(await buildGatewaySchema()));
emit('docs/licences.md', licencesPage(JSON.parse(readFileSync('package-lock.json', 'utf8'))));

function emit(path: string, text: string): void {
  if (!check) writeFileSync(path, text);
  else if (readFileSync(path, 'utf8') !== text) {
    process.stderr.write(`${path} is stale; npm run docs writes it anew.\n`);
    process.exitCode = 1;
  }
}
