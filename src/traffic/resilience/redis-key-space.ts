import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a key in Redis holds; it begins the key's name. */
export type RedisKeyKind = 'records' | 'pages' | 'claims' | 'quota:ids' | 'quota:records' | 'rate-limit';

/** Bytes by which a sealed value is longer than its text. */
export const sealBytes = 32;

/**
 * The keys and values in Redis that the holders of one secret share. Names are hashes with a key that follows from the
 * secret, so that a reader of Redis cannot test guesses of what they stand for. A sealed value proves that a holder of the
 * secret wrote it under its name: a party that writes to Redis can neither make up a value nor copy one to another name.
 *
 * Replicas with the same secret share what is there. With another secret Redis seems to be empty.
 */
export class RedisKeySpace {
  readonly #deriveRootKey: () => Buffer;
  #keys: { readonly ofNames: Buffer; readonly ofValues: Buffer; readonly hashTag: string } | undefined;

  /** @param deriveRootKey a key that only holders of the secret can derive; called once, when the first name is made */
  constructor(deriveRootKey: () => Buffer) {
    this.#deriveRootKey = deriveRootKey;
  }

  /**
   * The name of a key: its kind in clear, and the hash of what it is for. The rate and the quotas of a key space carry one
   * hash tag, so a cluster keeps them in one slot and a script can use several. Records carry none: they are many, and a
   * cluster is to spread them over its nodes.
   */
  nameOf(kind: RedisKeyKind, text: string): string {
    const { ofNames, hashTag } = this.#derivedKeys;
    const hash = hmac(ofNames, `${kind}\n${text}`).toString('base64url');
    return kind === 'records' ? `records:${hash}` : `${kind}:{${hashTag}}:${hash}`;
  }

  /** The value to store under a name. */
  seal(name: string, text: string): Buffer {
    return Buffer.concat([this.#sealOf(name, text), Buffer.from(text)]);
  }

  /** The text of a value that was sealed under the same name; undefined for any other value. */
  unseal(name: string, sealed: Buffer): string | undefined {
    const text = sealed.subarray(sealBytes);
    const seal = sealed.subarray(0, sealBytes);
    if (seal.length < sealBytes || !timingSafeEqual(seal, this.#sealOf(name, text))) return undefined;
    return text.toString();
  }

  #sealOf(name: string, text: string | Buffer): Buffer {
    return hmac(this.#derivedKeys.ofValues, `${name}\n`, text);
  }

  get #derivedKeys() {
    if (!this.#keys) {
      const rootKey = this.#deriveRootKey();
      const hashTag = hmac(rootKey, 'hash tag').toString('base64url', 0, 12);
      this.#keys = { ofNames: hmac(rootKey, 'names'), ofValues: hmac(rootKey, 'values'), hashTag };
    }
    return this.#keys;
  }
}

function hmac(key: Buffer, ...parts: readonly (string | Buffer)[]): Buffer {
  const hash = createHmac('sha256', key);
  for (const part of parts) hash.update(part);
  return hash.digest();
}
