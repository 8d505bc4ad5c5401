/**
 * Headers for browsers, on every answer. Answers are data, so that nothing in them may load, run or be framed; pages say
 * themselves what they need. `Strict-Transport-Security` is for what ends TLS, which knows the names that it holds for.
 */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
