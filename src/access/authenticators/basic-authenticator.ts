import { createHmac, randomBytes } from 'node:crypto';
import { isAccountId } from '../../catalogue/ids.js';
import { GatewayError } from '../../errors.js';
import { Credentials } from '../../vonage/credentials.js';
import { type CallerLimits, Principal } from '../principal.js';
import type { AccessScope } from '../scopes.js';
import type { Authenticator } from './authenticator.js';

/** Callers see all of what is theirs. The schema is the operator's to show. */
const scopes: readonly AccessScope[] = ['records:read', 'records:content', 'records:numbers', 'explain'];

const basic = /^Basic +([A-Za-z0-9+/]+={0,2})$/i;
/** One to 128 characters that can be seen, or are a space. */
const secretForm = /^[^\p{C}\p{Zl}\p{Zp}]{1,128}$/u;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Takes callers' own API keys and secrets, with which all their look-ups are made. Only the form is checked here: whether
 * a pair is right, and what its key may read, Vonage says.
 */
export class BasicAuthenticator implements Authenticator {
  readonly challenge = 'Basic realm="Vonage API key and secret", charset="UTF-8"';
  readonly #limits: CallerLimits;
  /** Never leaves the process, so that nobody can try secrets against the names in a log. */
  readonly #hashKey = randomBytes(32);

  /** @param allowance what each pair of key and secret may ask for */
  constructor(limits: CallerLimits) {
    this.#limits = limits;
  }

  authenticate(authorization: string | undefined): Principal {
    const [, encoded = ''] = basic.exec(authorization ?? '') ?? [];
    const [apiKey = '', secret = ''] = splitPair(decode(encoded));
    if (isAccountId(apiKey) && secretForm.test(secret)) return this.#principalOf(apiKey, secret);
    const message =
      'Send your Vonage API key and secret as `Authorization: Basic <base64 of key:secret>`, in UTF-8.';
    throw new GatewayError('UNAUTHENTICATED', message);
  }

  /** Another secret for the same key is another caller, who must share nothing before Vonage accepts it, too. */
  #principalOf(apiKey: string, secret: string): Principal {
    const mark = createHmac('sha256', this.#hashKey).update(`${apiKey}:${secret}`).digest('base64url');
    return new Principal({
      name: `basic:${apiKey}:${mark.slice(0, 22)}`,
      scopes,
      accounts: 'any',
      defaultAccountId: apiKey,
      products: 'any',
      limits: this.#limits,
      credentials: new Credentials(apiKey, secret),
    });
  }
}

/** Empty for what is not exactly the base64 of UTF-8: two spellings of one pair could be taken for two. */
function decode(encoded: string): string {
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.toString('base64') !== encoded) return '';
  try {
    return utf8.decode(bytes);
  } catch {
    return '';
  }
}

/** A secret may hold colons, a key may not. */
function splitPair(text: string): readonly string[] {
  const colon = text.indexOf(':');
  return colon < 0 ? [] : [text.slice(0, colon), text.slice(colon + 1)];
}
