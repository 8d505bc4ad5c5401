import { checkResponse, type HttpResponse } from './check-response.js';
import type { HttpRequest } from './http-request.js';

/** Checks a response to arbitrary bytes against the form of every response. */
export function checkHttpResponse(request: HttpRequest, response: HttpResponse): string[] {
  const { status, headers, text } = response;
  if (status >= 500) return [`status ${status}: ${text.slice(0, 200)}`];
  const type = headers.get('content-type') ?? '';
  if (text === '' && (request.method === 'HEAD' || status === 204 || status === 302)) return [];
  if (status === 200 && !isGraphql(text))
    return isPage(request, type) ? [] : [`a ${type} that is not a GraphQL response: ${text.slice(0, 200)}`];
  return [...checkResponse(response).violations];
}

function isGraphql(text: string): boolean {
  return /^\{"(data|errors|extensions)"/.test(text);
}

/** Pages and probes have other bodies than the GraphQL endpoint. */
function isPage({ method, target }: HttpRequest, type: string): boolean {
  return method === 'GET' && (type.startsWith('text/html') || /\/(explorer|livez|readyz)/.test(target));
}
