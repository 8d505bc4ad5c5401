import type { ProblemResponse } from '../vonage/wire.js';

/** An error response in Vonage's format. */
export interface Problem {
  readonly status: number;
  readonly body: ProblemResponse;
}

const instance = 'bf0ca0bf927b3b52e3cb03217e1a1ddf';
const typeOf = (fragment: string) => `https://developer.nexmo.com/api-errors/reports#${fragment}`;

export const unauthorized: Problem = {
  status: 401,
  body: {
    type: 'https://developer.nexmo.com/api-errors#unauthorized',
    title: 'Unauthorized',
    detail: 'The request carries no valid API key and secret.',
    instance,
  },
};

/** The synchronous endpoint's 403 has no `type`. */
export const forbidden: Problem = {
  status: 403,
  body: { title: 'Forbidden', detail: 'These credentials may not read this account.', instance },
};

/** The key is good, but this product is not enabled for it. */
export const unprovisioned: Problem = {
  status: 401,
  body: {
    type: 'https://developer.vonage.com/api-errors#unprovisioned',
    title: 'Unprovisioned',
    detail: 'The credentials provided do not have access to the requested product',
    instance,
  },
};

export const outOfCredit: Problem = {
  status: 403,
  body: {
    type: 'https://developer.vonage.com/api-errors#out-of-credit',
    title: 'Out of credit',
    detail: 'The account does not have sufficient credit.',
    instance,
  },
};

export const rateLimited: Problem = {
  status: 429,
  body: {
    type: typeOf('rate-limit'),
    title: 'Rate limit',
    detail: 'Too many requests in this second.',
    instance,
  },
};

export const serverError: Problem = { status: 500, body: { title: 'Internal server error', instance } };

/** A required parameter is missing, or a value is none of those allowed. */
export function invalidParameter(name: string, reason: string): Problem {
  return { status: 422, body: { title: 'Unprocessable entity', invalid_parameters: [{ name, reason }] } };
}

/** A product that the API does not know, or no longer offers. */
export function unknownProduct(known: readonly string[]): Problem {
  return invalidParameter('product', `must be one of ${known.join(', ')}`);
}

/** Parameters that do not go together, or not with this product. */
export function invalidFilter(names: readonly string[]): Problem {
  const detail = `These filters cannot be used here: ${names.join(', ')}`;
  return { status: 422, body: { type: typeOf('invalid-filter'), title: 'Invalid filter', detail, instance } };
}
