/** Writes the parts of the documentation that follow from the code; a test tells when they are stale. */
import { readFileSync, writeFileSync } from 'node:fs';
import { buildGatewaySchema } from '../src/graphql/schema.js';
import { configurationPage } from './configuration-page.js';
import { licencesPage } from './licences-page.js';
import { recordsPage } from './records-page.js';

writeFileSync('docs/configuration.md', configurationPage());

writeFileSync('docs/records.md', recordsPage(await buildGatewaySchema()));
writeFileSync('docs/licences.md', licencesPage(JSON.parse(readFileSync('package-lock.json', 'utf8'))));
