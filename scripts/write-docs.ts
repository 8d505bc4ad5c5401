/** Writes the parts of the documentation that follow from the code; a test tells when they are stale. */
import { readFileSync, writeFileSync } from 'node:fs';
import { errorCatalogue } from '../src/errors.js';
import { buildGatewaySchema } from '../src/graphql/schema.js';
import { configurationPage } from './configuration-page.js';
import { licencesPage } from './licences-page.js';
import { recordsPage } from './records-page.js';

writeFileSync('docs/configuration.md', configurationPage());

const rows = Object.entries(errorCatalogue).map(
  ([code, { httpStatus, retryable, meaning }]) =>
    `| \`${code}\` | ${httpStatus} | ${retryable ? 'yes' : 'no'} | ${meaning} |`,
);
writeFileSync(
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

writeFileSync('docs/records.md', recordsPage(await buildGatewaySchema()));
writeFileSync('docs/licences.md', licencesPage(JSON.parse(readFileSync('package-lock.json', 'utf8'))));
