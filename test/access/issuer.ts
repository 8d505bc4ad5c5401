import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { Clock } from '../../src/clock.js';
import { type Answer, reply, startUpstream, type Upstream } from '../vonage/upstream.js';

/** A key pair with the key id that tokens name. */
interface NamedKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

export const audience = 'records';

/** An issuer of tokens with a key server over real HTTP, which counts its requests. */
export class Issuer implements AsyncDisposable {
  /** The response of the key server. Default: the current public keys. */
  answer: Answer = (response, request) => reply(200, { keys: this.#published })(response, request);
  readonly #clock: Clock;
  #server: Upstream | undefined;
  #published: readonly object[] = [];
  #current: NamedKey | undefined;

  private constructor(clock: Clock) {
    this.#clock = clock;
  }

  static async start(clock: Clock, alg = 'ES256'): Promise<Issuer> {
    const issuer = new Issuer(clock);
    issuer.#server = await startUpstream((response, request) => issuer.answer(response, request));
    await issuer.rotate(alg);
    return issuer;
  }

  get server(): Upstream {
    if (!this.#server) throw new Error('The key server was not started');
    return this.#server;
  }

  get url(): string {
    return this.server.url;
  }

  /** Number of times that the keys were fetched. */
  get fetches(): number {
    return this.server.requests.length;
  }

  /** The key that signs tokens now. */
  get key(): NamedKey {
    if (!this.#current) throw new Error('The issuer has no key');
    return this.#current;
  }

  /** Replaces the published keys by a new one, which signs tokens from now on. */
  async rotate(alg = 'ES256'): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    const kid = `key-${crypto.randomUUID()}`;
    this.#current = { kid, alg, privateKey, publicKey };
    this.#published = [{ ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }];
  }

  /** Publishes the keys without their ids, and a new one that signs tokens from now on. */
  async addUnnamedKey(alg = 'ES256'): Promise<void> {
    const before = this.#published;
    await this.rotate(alg);
    this.#published = [...before, ...this.#published].map((key) => ({ ...key, kid: undefined }));
  }

  /** Claims of a valid token that expires in a minute, with changes; undefined leaves a claim out. */
  claims(changed: Readonly<Record<string, unknown>> = {}): JWTPayload {
    const exp = Math.floor(this.#clock.now() / 1000) + 60;
    const claims = { iss: this.url, aud: audience, sub: 'billing', exp, scope: 'records:read', ...changed };
    return JSON.parse(JSON.stringify(claims));
  }

  /** A signed token. Default: a valid one. */
  async token(
    changed?: Readonly<Record<string, unknown>>,
    { kid, alg, privateKey } = this.key,
  ): Promise<string> {
    return new SignJWT(this.claims(changed)).setProtectedHeader({ alg, kid }).sign(privateKey);
  }

  /** A signed token with this header. */
  async tokenWith(header: Readonly<Record<string, unknown>>, changed?: Readonly<Record<string, unknown>>) {
    const { kid, alg, privateKey } = this.key;
    return new SignJWT(this.claims(changed)).setProtectedHeader({ alg, kid, ...header }).sign(privateKey);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
  }
}
