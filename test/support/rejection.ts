import type { ErrorCode } from '../../src/errors.js';

/** The body of an answer that refuses a request, whatever its words. */
export function refusal(code: ErrorCode = 'BAD_USER_INPUT') {
  const extensions = { code, requestId: expect.stringMatching(/^[A-Za-z0-9._-]{1,64}$/) };
  return { errors: [{ message: expect.stringMatching(/./), extensions }] };
}
