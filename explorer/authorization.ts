import { createGraphiQLFetcher, type Fetcher, type FetcherParams } from '@graphiql/toolkit';

const storageKey = 'authorization';

/** Texts that a header can hold. */
const headerForm = /^[\x20-\x7e]+$/;

/** The value of the Authorization header of every request, or an empty text. It lasts as long as the browser's tab. */
export function readAuthorization(): string {
  return sessionStorage.getItem(storageKey) ?? '';
}

/** Keeps the value through a reload; an empty text removes it. */
export function keepAuthorization(value: string): void {
  if (value === '') sessionStorage.removeItem(storageKey);
  else sessionStorage.setItem(storageKey, value);
}

/** The header's value for what a person typed: a token alone is a bearer token. Undefined for what no header can hold. */
export function toAuthorization(typed: string): string | undefined {
  const text = typed.trim().replace(/^authorization:\s*/i, '');
  if (!headerForm.test(text)) return undefined;
  return text.includes(' ') ? text : `Bearer ${text}`;
}

/**
 * Sends the header with every request, unless the tab has one of its own, and reports why the schema cannot be read.
 *
 * @param onSchema called after each reading of the schema, with the reason in words or with undefined
 */
export function createFetcher(
  authorization: string,
  onSchema: (problem: string | undefined) => void,
): Fetcher {
  const fetcher = createGraphiQLFetcher({ url: '/graphql' });
  return async (parameters, options) => {
    const own = options?.headers ?? {};
    const hasOwn = Object.keys(own).some((name) => name.toLowerCase() === 'authorization');
    const headers = authorization && !hasOwn ? { authorization, ...own } : own;
    const sending = Promise.resolve(fetcher(parameters, { ...options, headers }));
    if (!isIntrospection(parameters)) return sending;
    return sending.then(
      (result) => {
        onSchema(problemOf(result, authorization));
        return result;
      },
      (error) => {
        onSchema('The gateway cannot be reached. Reload the page when it runs again.');
        throw error;
      },
    );
  };
}

function isIntrospection({ operationName }: FetcherParams): boolean {
  return operationName === 'IntrospectionQuery';
}

function problemOf(result: unknown, authorization: string): string | undefined {
  const { data, errors } = result as {
    readonly data?: unknown;
    readonly errors?: readonly {
      readonly message: string;
      readonly extensions?: { readonly code?: string };
    }[];
  };
  const [error] = errors ?? [];
  if (data || !error) return undefined;
  if (error.extensions?.code !== 'UNAUTHENTICATED') {
    return `${error.message} Operations run without completion and documentation.`;
  }
  return authorization === ''
    ? 'The schema and all records need a token. Enter the token that you got for this gateway.'
    : `The gateway does not accept this Authorization header. ${error.message}`;
}
