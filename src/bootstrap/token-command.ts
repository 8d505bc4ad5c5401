import { createHash, randomBytes } from 'node:crypto';
import { tokenList } from '../access/grants.js';

/** A new token has 256 random bits, so that it cannot be guessed. */
const tokenBytes = 32;

/** Wrong words on the command line. The message says how to call the command. */
export class UsageError extends Error {}

/**
 * Makes a token for a caller and describes it as text for the operator: the token, which the caller sends and which is not
 * stored anywhere, and the entry for `AUTH_TOKENS_FILE`, which holds its hash.
 *
 * @param words the words after `token`: the caller's name
 * @throws UsageError for anything but one valid name
 */
export function tokenCommand(words: readonly string[]): string {
  const [name = '', ...others] = words;
  const token = randomBytes(tokenBytes).toString('base64url');
  const entry = {
    name,
    sha256: createHash('sha256').update(token).digest('hex'),
    scopes: ['records:read'],
  };
  if (others.length > 0 || !tokenList.safeParse({ tokens: [entry] }).success)
    throw new UsageError(
      `Usage: vonage-records-gateway token NAME\nNAME must be one word of 1 to 64 letters, digits, ., - or _; got: ${JSON.stringify(words.join(' ').slice(0, 80))}.`,
    );
  return `Token of ${name}, which is shown only once:

  ${token}

Entry for the list "tokens" in AUTH_TOKENS_FILE (add scopes, accounts, products and limits as needed):

  ${JSON.stringify(entry)}
`;
}
