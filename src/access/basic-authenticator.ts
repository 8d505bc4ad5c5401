import { createHmac } from 'node:crypto';
import { isAccountId } from '../catalogue/ids.js';
import { GatewayError } from '../errors.js';
import { Credentials } from '../vonage/credentials.js';
import { type Authenticator, missingCredentials } from './authenticator.js';
import { type AccessScope, type CallerLimits, Principal } from './principal.js';

const basic = /^Basic +([A-Za-z0-9+/]+={0,2})$/i;
/** One to 128 visible characters or spaces. */
const secretForm = /^[^\p{C}\p{Zl}\p{Zp}]{1,128}$/u;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export interface BasicAuthenticatorOptions {
  /** What each caller may do with the records of its own accounts. */
  readonly scopes: readonly AccessScope[];
  /** What each API key may ask for, whatever its secret. */
  readonly limits: CallerLimits;
  /** Random and the same for as long as the process runs, so that a pair keeps its name and no name helps to guess a secret. */
  readonly hashKey: Buffer;
  /**
   * Asks whether Vonage accepts a pair. Returns or resolves when it does, and throws or rejects with a GatewayError when it
   * does not, or when that is unknown.
   *
   * @param pair names the credentials in this process
   */
  verify(pair: string, credentials: Credentials): void | Promise<void>;
}

/**
 * Identifies callers by their own Vonage API keys and secrets, which the gateway uses for all their lookups. A pair is no
 * caller before Vonage has accepted it. The rate and the quota of a caller belong to its API key.
 */
export class BasicAuthenticator implements Authenticator {
  readonly challenge = 'Basic realm="Vonage API key and secret", charset="UTF-8"';
  readonly #options: BasicAuthenticatorOptions;

  constructor(options: BasicAuthenticatorOptions) {
    this.#options = options;
  }

  authenticate(authorization: string | undefined): Principal | Promise<Principal> {
    if (authorization === undefined) throw missingCredentials('Basic <base64 of key:secret>');
    const [, encoded = ''] = basic.exec(authorization) ?? [];
    const [apiKey = '', secret = ''] = splitPair(decode(encoded));
    if (isAccountId(apiKey) && secretForm.test(secret)) return this.#verified(apiKey, secret);
    const message =
      'The Authorization header holds no Vonage API key and secret. Send it as `Basic <base64 of key:secret>`, in UTF-8.';
    throw new GatewayError('UNAUTHENTICATED', message);
  }

  #verified(apiKey: string, secret: string): Principal | Promise<Principal> {
    const { hashKey, scopes, limits, verify } = this.#options;
    const name = createHmac('sha256', hashKey).update(`${apiKey}:${secret}`).digest('base64url');
    const credentials = new Credentials(apiKey, secret);
    const principal = new Principal({
      name: `basic:${apiKey}`,
      scopes,
      accounts: 'any',
      defaultAccountId: apiKey,
      products: 'any',
      limits,
      own: { name, credentials },
    });
    const verification = verify(name, credentials);
    return verification ? verification.then(() => principal) : principal;
  }
}

/** Empty unless the text is canonical base64 of UTF-8, because two spellings of one pair would be two callers. */
function decode(encoded: string): string {
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.toString('base64') !== encoded) return '';
  try {
    return utf8.decode(bytes);
  } catch {
    return '';
  }
}

/** Splits at the first colon, because a secret may contain colons and a key may not. */
function splitPair(text: string): readonly string[] {
  const colon = text.indexOf(':');
  return colon < 0 ? [] : [text.slice(0, colon), text.slice(colon + 1)];
}
