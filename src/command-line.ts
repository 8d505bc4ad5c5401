import { createHash, randomBytes } from 'node:crypto';
import { tokenList } from './access/grants.js';
import { StartError } from './bootstrap/startup-checks.js';
import { ConfigError } from './config/config-problems.js';
import { version } from './package-files.js';

/** Exit status of a wrong command line, as `sysexits.h` has it. */
const usageStatus = 64;

const usage = `Usage: vonage-records-gateway [token NAME | --help | --version]

Without a word it starts the gateway. Its settings are environment variables, or in development lines of the file .env:

  VONAGE_API_KEY, VONAGE_API_SECRET   key and secret of the Vonage account; without them a simulator answers
  HOST, PORT                          address to listen on; default: 127.0.0.1 and 4000
  AUTH_MODE                           none, token, jwt or basic: how callers authenticate
  NODE_ENV                            development, test or production

docs/configuration.md describes all of them.

  token NAME   makes a token for a caller and prints its entry for AUTH_TOKENS_FILE
  --help       prints this text
  --version    prints the version
`;

/** Runs the command that the words after the program's name give. Errors of the operator are printed without a stack. */
export async function runCommandLine([command, ...words]: readonly string[]): Promise<void> {
  try {
    if (command === undefined) await (await import('./serve.js')).serve();
    else process.stdout.write(outputOf(command, words));
  } catch (error) {
    const isExpected =
      error instanceof ConfigError || error instanceof UsageError || error instanceof StartError;
    process.stderr.write(isExpected ? `${error.message}\n` : `${(error as Error).stack}\n`);
    process.exit(error instanceof UsageError ? usageStatus : 1);
  }
}

function outputOf(command: string, words: readonly string[]): string {
  switch (command) {
    case 'token':
      return tokenCommand(words);
    case '--help':
    case '-h':
      return usage;
    case '--version':
    case '-v':
      return `${version}\n`;
    default:
      throw new UsageError(`Unknown command: ${JSON.stringify(command.slice(0, 80))}.\n\n${usage}`);
  }
}

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
