import type { Asking } from './asked-document.js';
import { readJson } from './read-json.js';

/** The same request with a document's text in place of its id. */
export function withDocument(asking: Asking, text: string): Asking {
  return asking.method === 'GET' ? inSearch(asking, text) : inBody(asking, text);
}

function inBody(asking: Asking, text: string): Asking {
  const { documentId: _id, ...body } = asking.body as Record<string, unknown>;
  return { ...asking, body: { ...body, query: text, ...withoutHash(body.extensions) } };
}

function inSearch(asking: Asking, text: string): Asking {
  const parameters = new URLSearchParams(asking.search);
  parameters.delete('documentId');
  parameters.set('query', text);
  const { extensions } = withoutHash(readJson(parameters.get('extensions') ?? ''));
  if (extensions) parameters.set('extensions', JSON.stringify(extensions));
  return { ...asking, search: `?${parameters}` };
}

/** The extensions to run with: a document that was found by its hash is not to be registered. Empty where they may stay. */
function withoutHash(extensions: unknown): { readonly extensions?: object } {
  if (typeof extensions !== 'object' || !extensions || !('persistedQuery' in extensions)) return {};
  const { persistedQuery: _hash, ...others } = extensions;
  return { extensions: others };
}
