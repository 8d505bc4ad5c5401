import { isVonageId } from '../catalogue/ids.js';
import { Direction, Product } from '../catalogue/product.js';

/** What a global id holds: enough to find the record again with a single call. */
export interface GlobalIdParts {
  readonly accountId: string;
  readonly product: Product;
  /** Named only where the product needs one to be found. */
  readonly direction: Direction | null;
  readonly vonageId: string;
  /** What tells the row from the others of its vonageId, where there may be others: see `compileRowKeys`. */
  readonly rowKey: string | null;
}

/** Version and mark of a global id. A later layout gets another mark, and this one stays readable. */
const mark = 'vr1_';
const products = new Set<string>(Object.values(Product));
const directions = new Set<string>(Object.values(Direction));
const hashedKey = /^~[\w-]{16}(?:\.\d{1,5})?$/;
const account = /^[A-Za-z0-9_-]{1,64}$/;

/** True for text that claims to be a global id, well-formed or not. */
export function looksLikeGlobalId(text: string): boolean {
  return text.startsWith(mark);
}

export function encodeGlobalId({ accountId, product, direction, vonageId, rowKey }: GlobalIdParts): string {
  const parts = [accountId, product, direction ?? '', vonageId, rowKey ?? ''];
  return mark + Buffer.from(parts.join('/')).toString('base64url');
}

/** The parts of a global id, or undefined when the text was not made by `encodeGlobalId`. */
export function decodeGlobalId(text: string): GlobalIdParts | undefined {
  const layout = Buffer.from(text.slice(mark.length), 'base64url').toString();
  const [accountId = '', product = '', direction = '', vonageId = '', rowKey = ''] = layout.split('/');
  const wellFormed =
    account.test(accountId) &&
    products.has(product) &&
    (direction === '' || directions.has(direction)) &&
    isVonageId(vonageId) &&
    (rowKey === '' || isVonageId(rowKey) || hashedKey.test(rowKey));
  if (!wellFormed) return undefined;
  const decoded = {
    accountId,
    product: product as Product,
    direction: (direction || null) as Direction | null,
    vonageId,
    rowKey: rowKey || null,
  };
  // Base64 decoding skips what it does not know; one record must not have many global ids.
  return encodeGlobalId(decoded) === text ? decoded : undefined;
}
