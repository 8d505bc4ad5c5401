import { parseTraceparent } from '../../src/observability/tracing.js';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

test.each([
  ['01', 1],
  ['00', 0],
  ['03', 1],
])('a traceparent with the flags %s names the trace of the client', (flags, traceFlags) => {
  expect(parseTraceparent(`00-${traceId}-${spanId}-${flags}`)).toEqual({
    ...{ traceId, spanId, traceFlags },
    isRemote: true,
  });
});

test.each([
  undefined,
  '',
  traceId,
  `01-${traceId}-${spanId}-01`,
  `00-${traceId.toUpperCase()}-${spanId}-01`,
  `00-${'0'.repeat(32)}-${spanId}-01`,
  `00-${traceId}-${'0'.repeat(16)}-01`,
  `00-${traceId}-${spanId}-01-more`,
  `00-${traceId}-${spanId}`,
  `00-447700900123-${spanId}-01`,
  ` 00-${traceId}-${spanId}-01`,
  `00-${traceId}-${spanId}-01\n`,
  // Node joins the values of a repeated header.
  `00-${traceId}-${spanId}-01, 00-${traceId}-${spanId}-01`,
  [`00-${traceId}-${spanId}-01`],
])('%j is ignored', (header) => {
  expect(parseTraceparent(header)).toBeUndefined();
});
