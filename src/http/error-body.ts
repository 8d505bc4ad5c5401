import type { ErrorCode } from '../errors.js';

/** A refusal before any operation, in the shape that GraphQL clients read. */
export function errorBody(code: ErrorCode, message: string, requestId: string): string {
  return JSON.stringify({ errors: [{ message, extensions: { code, requestId } }] });
}

/** Adds the request's id to errors that Apollo answered without running an operation; other bodies stay as they are. */
export function withRequestId(body: string, requestId: string): string {
  const parsed = parse(body);
  if (!Array.isArray(parsed?.errors)) return body;
  const errors = parsed.errors.map((error) => ({ ...error, extensions: { ...error.extensions, requestId } }));
  return `${JSON.stringify({ ...parsed, errors })}\n`;
}

function parse(body: string): { errors?: { extensions?: object }[] } | undefined {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
