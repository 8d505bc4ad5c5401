import { createHmac, randomBytes } from 'node:crypto';
import { isAccountId } from '../../catalogue/ids.js';
import { GatewayError } from '../../errors.js';
import { Credentials } from '../../vonage/credentials.js';
import { type CallerLimits, Principal } from '../principal.js';
import type { AccessScope } from '../scopes.js';
import { type Authenticator, missingCredentials } from './authenticator.js';

/** Callers see all data of their own accounts. Only the operator may show the schema. */
const scopes: readonly AccessScope[] = ['records:read', 'records:content', 'records:numbers', 'explain'];

const basic = /^Basic +([A-Za-z0-9+/]+={0,2})$/i;
/** One to 128 visible characters or spaces. */
const secretForm = /^[^\p{C}\p{Zl}\p{Zp}]{1,128}$/u;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Identifies callers by their own Vonage API keys and secrets, which the gateway uses for all their lookups. It checks the
 * form only: Vonage decides whether a pair is valid, and what its key may read.
 */
export class BasicAuthenticator implements Authenticator {
  readonly challenge = 'Basic realm="Vonage API key and secret", charset="UTF-8"';
  readonly #limits: CallerLimits;
  /** Random and never stored, so that a reader of the logs cannot test guessed secrets against the names there. */
  readonly #hashKey = randomBytes(32);

  /** @param limits what each pair of key and secret may ask for */
  constructor(limits: CallerLimits) {
    this.#limits = limits;
  }

  authenticate(authorization: string | undefined): Principal {
    if (authorization === undefined) throw missingCredentials('Basic <base64 of key:secret>');
    const [, encoded = ''] = basic.exec(authorization) ?? [];
    const [apiKey = '', secret = ''] = splitPair(decode(encoded));
    if (isAccountId(apiKey) && secretForm.test(secret)) return this.#principalOf(apiKey, secret);
    const message =
      'The Authorization header holds no Vonage API key and secret. Send it as `Basic <base64 of key:secret>`, in UTF-8.';
    throw new GatewayError('UNAUTHENTICATED', message);
  }

  /** Each pair is a caller of its own: a wrong secret must not share the data of the right one. */
  #principalOf(apiKey: string, secret: string): Principal {
    const pairHash = createHmac('sha256', this.#hashKey).update(`${apiKey}:${secret}`).digest('base64url');
    return new Principal({
      name: `basic:${apiKey}:${pairHash.slice(0, 22)}`,
      scopes,
      accounts: 'any',
      defaultAccountId: apiKey,
      products: 'any',
      limits: this.#limits,
      credentials: new Credentials(apiKey, secret),
    });
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
