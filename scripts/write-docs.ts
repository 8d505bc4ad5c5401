/** Writes the parts of the documentation that follow from the code; a test tells when they are stale. */
import { readFileSync, writeFileSync } from 'node:fs';
import { errorCatalogue } from '../src/errors.js';
import { buildGatewaySchema } from '../src/graphql/schema.js';
import { settings } from '../src/settings.js';
import { recordsPage } from './records-page.js';
import { settingsTable } from './settings-table.js';

const readme = readFileSync('README.md', 'utf8');
const table = `$1\n${settingsTable(settings)}$2`;
writeFileSync('README.md', readme.replace(/(<!-- settings.*?-->)\n.*?(<!-- \/settings -->)/s, table));

const rows = Object.entries(errorCatalogue).map(
  ([code, { httpStatus, retryable, meaning }]) =>
    `| \`${code}\` | ${httpStatus} | ${retryable ? 'yes' : 'no'} | ${meaning} |`,
);
writeFileSync(
  'docs/errors.md',
  `# Errors

Every error has \`extensions.code\` from this list and \`extensions.requestId\`, under which the gateway's log has more. An error stands at the path of the item that failed; the items beside it are answered. Failures of Vonage add \`extensions.upstream\` with \`status\`, \`type\`, \`title\`, \`instance\` and \`retryAfterMs\`, as far as Vonage said; the address, the body and the credentials of a call are never shown. Match on the code, not on the message.

\`records\` also lists failed ids in \`failures\`, for callers that do not select \`nodes\`.

The status is what the error would be in REST; GraphQL answers 200 with partial data unless the operation as a whole could not run.

| code | like status | try again | meaning |
| --- | --- | --- | --- |
${rows.join('\n')}
`,
);

writeFileSync('docs/records.md', recordsPage(await buildGatewaySchema()));
