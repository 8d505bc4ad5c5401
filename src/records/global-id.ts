import { isVonageId } from '../catalogue/ids.js';
import { Direction, Product } from '../catalogue/product.js';

/** What a global id holds: enough to find the record again with a single call. */
export interface GlobalIdParts {
  readonly accountId: string;
  readonly product: Product;
  /** Named only where the product needs one to be found. */
  readonly direction: Direction | null;
  readonly vonageId: string;
  /** The row's own id, where one vonageId may have several rows. */
  readonly rowId: string | null;
}

/** Version and mark of a global id. A later layout gets another mark, and this one stays readable. */
const mark = 'vr1_';
const products = new Set<string>(Object.values(Product));
const directions = new Set<string>(Object.values(Direction));
const account = /^[A-Za-z0-9_-]{1,64}$/;

/** True for text that claims to be a global id, well-formed or not. */
export function looksLikeGlobalId(text: string): boolean {
  return text.startsWith(mark);
}

export function encodeGlobalId({ accountId, product, direction, vonageId, rowId }: GlobalIdParts): string {
  const parts = [accountId, product, direction ?? '', vonageId, rowId ?? ''];
  return mark + Buffer.from(parts.join('/')).toString('base64url');
}

/** The parts of a global id, or undefined when the text was not made by `encodeGlobalId`. */
export function decodeGlobalId(text: string): GlobalIdParts | undefined {
  const layout = Buffer.from(text.slice(mark.length), 'base64url').toString();
  const [accountId = '', product = '', direction = '', vonageId = '', rowId = ''] = layout.split('/');
  const wellFormed =
    account.test(accountId) &&
    products.has(product) &&
    (direction === '' || directions.has(direction)) &&
    isVonageId(vonageId) &&
    (rowId === '' || isVonageId(rowId));
  if (!wellFormed) return undefined;
  const decoded = {
    accountId,
    product: product as Product,
    direction: (direction || null) as Direction | null,
    vonageId,
    rowId: rowId || null,
  };
  // Base64 decoding skips what it does not know; one record must not have many global ids.
  return encodeGlobalId(decoded) === text ? decoded : undefined;
}
