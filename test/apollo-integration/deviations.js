/** Why the gateway answers otherwise than Apollo's suite expects, by the name of the test. */
const hashRule =
  'The gateway checks the hash of a persisted query before Apollo does. The status is 400, and the message names the version, the length and the alphabet of a hash.';
const contentTypeRule =
  'The gateway answers a content type other than JSON with 415, as HTTP defines it, and before a byte of the body is parsed.';

export const deviations = new Map([
  [
    'lockstep versioning of @apollo/server and @apollo/server-integration-testsuite',
    'The suite has no release 5.5.1. Its release 5.5.0 is the last one before @apollo/server 5.5.1.',
  ],
  ['apolloServerTests.ts Persisted Queries returns error when hash does not match', hashRule],
  ['httpServerTests.ts Persisted Queries returns error when hash does not match', hashRule],
  ['httpServerTests.ts Persisted Queries errors when hash is mismatched', hashRule],
  ['httpServerTests.ts Persisted Queries errors when version is not specified', hashRule],
  ['httpServerTests.ts Persisted Queries errors when version is unsupported', hashRule],
  ['apolloServerTests.ts CSRF prevention default', contentTypeRule],
  ['httpServerTests.ts graphqlHTTP throws an error if POST body is empty', contentTypeRule],
  ['httpServerTests.ts graphqlHTTP throws an error if invalid content-type', contentTypeRule],
  [
    'httpServerTests.ts graphqlHTTP rejects the request if the method is not POST or GET',
    'The Allow header of a 405 also lists OPTIONS, which preflights use.',
  ],
  [
    'httpServerTests.ts graphqlHTTP throws an error if POST JSON is malformed',
    'The message says that the body must be JSON and shows an example. It does not quote the words of the parser.',
  ],
]);
