/**
 * Writes the parts of the documentation that follow from the code. With --check it writes nothing, names what is stale and
 * ends with 1.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { settings } from '../src/config/settings.js';
import { errorCatalogue } from '../src/errors.js';
import { buildGatewaySchema } from '../src/graphql/schema.js';
import { licencesPage } from './licences-page.js';
import { recordsPage } from './records-page.js';
import { settingsTable } from './settings-table.js';

const check = process.argv.includes('--check');

const readme = readFileSync('README.md', 'utf8');
const table = `$1\n${settingsTable(settings)}$2`;
emit('README.md', readme.replace(/(<!-- settings.*?-->)\n.*?(<!-- \/settings -->)/s, table));

const rows = Object.entries(errorCatalogue).map(
  ([code, { httpStatus, retryable, meaning }]) =>
    `| \`${code}\` | ${httpStatus} | ${retryable ? 'yes' : 'no'} | ${meaning} |`,
);
emit(
  'docs/errors.md',
  `# Errors

Every error has \`extensions.code\` from this list and \`extensions.requestId\`, under which the gateway's log has more. An error stands at the path of the item that failed; the items beside it are answered. Failures of Vonage add \`extensions.upstream\` with \`status\`, \`type\`, \`title\`, \`instance\` and \`retryAfterMs\`, as far as Vonage said; the address, the body and the credentials of a call are never shown. Match on the code, not on the message.

\`records\` also lists failed ids in \`failures\`, for callers that do not select \`nodes\`.

The status is what the error would be in REST. GraphQL answers 200 with partial data, be it a null; an operation that was refused as a whole, before anything was looked up, has the status of its first refusal. A 429 or 503 has a \`Retry-After\` in whole seconds: the longest \`retryAfterMs\` of its errors, rounded up. With \`LEGACY_STATUS_CODES=true\` documents and variables that are wrong get 200 from callers that do not name \`application/graphql-response+json\` in \`accept\`.

What is refused before GraphQL sees it has the same shape, the code \`BAD_USER_INPUT\` and its own status: 400 for what is not HTTP, not JSON or without a \`Host\`, 404 for another path, 405 with \`Allow\`, 406 where \`accept\` admits no JSON, 408 for what comes too slowly, 413 for a body that is too large, compressed or inflated, 415 for another type, charset or coding, 421 for a foreign host, 431 for headers that are too large.

| code | like status | try again | meaning |
| --- | --- | --- | --- |
${rows.join('\n')}
`,
);

emit('docs/records.md', recordsPage(await buildGatewaySchema()));
emit('docs/licences.md', licencesPage(JSON.parse(readFileSync('package-lock.json', 'utf8'))));

function emit(path: string, text: string): void {
  if (!check) writeFileSync(path, text);
  else if (readFileSync(path, 'utf8') !== text) {
    process.stderr.write(`${path} is stale; npm run docs writes it anew.\n`);
    process.exitCode = 1;
  }
}
