import { GatewayError } from '../../errors.js';
import type { OperationLimits } from '../operation-limits.js';

/**
 * Throws QUERY_TOO_COMPLEX for a text that is longer than a document may be, or that has more comments and commas than a
 * document may have tokens. GraphQL ignores both, and counts neither as tokens, but the parser keeps an object for each
 * comment. White space needs no count, because the parser skips it.
 */
export function assertTextWithinLimits(
  text: string,
  { maxCharacters, maxTokens }: Pick<OperationLimits, 'maxCharacters' | 'maxTokens'>,
): void {
  if (text.length > maxCharacters) throw exceeded(text.length, 'characters', maxCharacters);
  // A shorter text cannot have as many.
  if (text.length <= maxTokens) return;
  const ignored = countIgnoredTokens(text);
  if (ignored > maxTokens) throw exceeded(ignored, 'comments and commas', maxTokens);
}

function exceeded(count: number, what: string, most: number): GatewayError {
  return new GatewayError(
    'QUERY_TOO_COMPLEX',
    `The document has ${count} ${what}; at most ${most} are allowed.`,
  );
}

/** Counts comments and commas outside strings, in one pass. The text may be any text. */
function countIgnoredTokens(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at);
    else if (character === ',') count += 1;
    else if (character === '#') {
      count += 1;
      at = endOfLine(text, at);
    }
  }
  return count;
}

function endOfLine(text: string, start: number): number {
  let at = start;
  while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at += 1;
  return at;
}

/** The offset of a string's last quotation mark, or the end of the line or text that ends an unfinished one. */
function endOfString(text: string, start: number): number {
  if (text.startsWith('"""', start)) return endOfBlockString(text, start + 3);
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"' || character === '\n' || character === '\r') return at;
    if (character === '\\') at += 1;
  }
  return text.length;
}

/** In a block string only `\"""` is an escape sequence. */
function endOfBlockString(text: string, start: number): number {
  let quotes = text.indexOf('"""', start);
  while (quotes > 0 && text[quotes - 1] === '\\') quotes = text.indexOf('"""', quotes + 3);
  return quotes < 0 ? text.length : quotes + 2;
}
