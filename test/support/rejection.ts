import type { ErrorCode } from '../../src/errors.js';

/** The body of a response with one error of a code, whatever its message. */
export function errorBody(code: ErrorCode = 'BAD_USER_INPUT') {
  const extensions = { code, requestId: expect.stringMatching(/^[A-Za-z0-9._-]{1,64}$/) };
  return { errors: [{ message: expect.stringMatching(/./), extensions }] };
}
