import { type HttpAnswer, readAnswer } from './answer-faults.js';
import type { HttpRequest } from './http-request.js';

/** Says in what the answer to any request is not what every request gets. */
export function httpFaults(request: HttpRequest, answer: HttpAnswer): string[] {
  const { status, headers, text } = answer;
  if (status >= 500) return [`status ${status}: ${text.slice(0, 200)}`];
  const type = headers.get('content-type') ?? '';
  if (text === '' && (request.method === 'HEAD' || status === 204 || status === 302)) return [];
  if (status === 200 && !isGraphql(text))
    return isPage(request, type) ? [] : [`a ${type} that is no answer: ${text.slice(0, 200)}`];
  return [...readAnswer(answer).faults];
}

function isGraphql(text: string): boolean {
  return /^\{"(data|errors|extensions)"/.test(text);
}

/** Pages and probes answer as they like. */
function isPage({ method, target }: HttpRequest, type: string): boolean {
  return method === 'GET' && (type.startsWith('text/html') || /\/(explorer|livez|readyz)/.test(target));
}
