import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';

/** Where the next page of a query begins, and the parameters of the query. */
export interface PagePosition {
  /** Rank of the last row that was returned. */
  readonly rank: number;
  /** Every parameter of the first page, as it was sent. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** The two texts that Vonage returns with a page that is not the last. */
export interface PageCursor {
  readonly cursor: string;
  readonly iv: string;
}

const algorithm = 'aes-256-gcm';
const tagBytes = 16;
/** The same in every simulator, so that a cursor outlives the process that gave it. */
const key = createHash('sha256').update('cursors of the simulator').digest();

/** Seals a position: neither text can be read, or used without the other. */
export function sealPosition(position: PagePosition): PageCursor {
  const text = JSON.stringify(position);
  const iv = createHash('sha256').update(text).digest().subarray(0, 12);
  const cipher = createCipheriv(algorithm, key, iv);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return { cursor: sealed.toString('base64url'), iv: iv.toString('base64url') };
}

/** The position that a cursor and its iv seal, or undefined for a pair that was never given. */
export function openPosition({ cursor, iv }: PageCursor): PagePosition | undefined {
  try {
    const sealed = Buffer.from(cursor, 'base64url');
    const decipher = createDecipheriv(algorithm, key, Buffer.from(iv, 'base64url'));
    decipher.setAuthTag(sealed.subarray(-tagBytes));
    const text = Buffer.concat([decipher.update(sealed.subarray(0, -tagBytes)), decipher.final()]);
    return JSON.parse(text.toString()) as PagePosition;
  } catch {
    return undefined;
  }
}
