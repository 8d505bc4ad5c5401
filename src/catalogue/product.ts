import type { IdShape } from './ids.js';

/** Products with usage records. The value is the wire name. */
export enum Product {
  SMS = 'SMS',
  SMS_TRAFFIC_CONTROL = 'SMS-TRAFFIC-CONTROL',
  VOICE_CALL = 'VOICE-CALL',
  VOICE_FAILED = 'VOICE-FAILED',
  VOICE_TTS = 'VOICE-TTS',
  IN_APP_VOICE = 'IN-APP-VOICE',
  WEBSOCKET_CALL = 'WEBSOCKET-CALL',
  ASR = 'ASR',
  AMD = 'AMD',
  VERIFY_API = 'VERIFY-API',
  VERIFY_V2 = 'VERIFY-V2',
  NUMBER_INSIGHT = 'NUMBER-INSIGHT',
  NUMBER_INSIGHT_V2 = 'NUMBER-INSIGHT-V2',
  MESSAGES = 'MESSAGES',
  CONVERSATION_EVENT = 'CONVERSATION-EVENT',
  CONVERSATION_MESSAGE = 'CONVERSATION-MESSAGE',
  VIDEO_API = 'VIDEO-API',
  NETWORK_API_EVENT = 'NETWORK-API-EVENT',
  REPORTS_USAGE = 'REPORTS-USAGE',
  CONVERSATIONS = 'CONVERSATIONS',
  MEETINGS = 'MEETINGS',
}

/** Whether traffic came in to Vonage or went out from it; the value is the word used on the wire. */
export enum Direction {
  INBOUND = 'inbound',
  OUTBOUND = 'outbound',
}

const names = Object.fromEntries(
  Object.values(Product).map((product) => [product, product.replaceAll('-', '_')]),
) as Readonly<Record<Product, string>>;

/** The name of a product where a hyphen cannot stand: in GraphQL and in the configuration. */
export function productName(product: Product): string {
  return names[product];
}

/** The name of a direction in GraphQL; null for none. */
export function directionName(direction: Direction | null): string | null {
  return direction?.toUpperCase() ?? null;
}

/** Every product by its name where a hyphen cannot stand: in GraphQL, in the configuration and in tokens. */
export const productByName: ReadonlyMap<string, Product> = new Map(
  Object.values(Product).map((product) => [productName(product), product]),
);

/** Whether a lookup names a direction: it must, it may, or Vonage responds with 422 if it does. */
type DirectionRule = 'required' | 'optional' | 'refused';

/** When a row stops changing. */
export type Finality =
  /** The row is written once, after the event is over. */
  | { readonly kind: 'written-when-finished' }
  /** The row changes until its status is one of these (upper case), or 72 hours after `dateField`. */
  | { readonly kind: 'by-status'; readonly statusField: string; readonly terminal: ReadonlySet<string> }
  /** No source lists the states; only age makes the row final. */
  | { readonly kind: 'by-age' };

/** Rows whose price and other facts come after their status is final. They are open until 72 hours after receipt. */
interface Settling {
  /** The price; a row without one waits for it. Zero is a price. */
  readonly priceField: string;
  /** Rows with one of these values (lower case) in the field may change even when they have a price. */
  readonly late: { readonly field: string; readonly values: readonly string[] };
}

/** Products whose records one field of the query returns, such as `voiceRecord`. */
export type Family = 'sms' | 'messages' | 'voice' | 'verify' | 'insight' | 'conversation';

/** An edge from a record to the records of other products that carry the same id. */
export interface ProductEdge {
  /** Wire name of the field that holds the shared id. */
  readonly idField: string;
  /** The products in which the id is looked up, each by a lookup of its own. */
  readonly products: readonly Product[];
}

/** Every fact about one product: how the gateway requests, reads and joins its records. All names are wire names. */
export interface ProductRules {
  readonly product: Product;
  readonly direction: DirectionRule;
  /** Fields whose value a lookup id may equal, the likeliest first. */
  readonly idFields: readonly string[];
  /** Whether one id may have several rows, each with a different `id` of its own. */
  readonly rowsPerId: 'one' | 'several';
  /**
   * The id field by which another subgraph may name a record of this product. Null where the field is not known with
   * at least medium confidence, or where it names several rows: a key is the promise that is hardest to take back.
   */
  readonly naturalKey: string | null;
  /** Time of receipt, or of the start for calls and sessions; null where no field is known. */
  readonly dateField: string | null;
  readonly finality: Finality;
  /** Set where facts come later than the final status. */
  readonly settling: Settling | null;
  /** Columns that show Vonage's own routes and costs. They reach no caller, not even through `raw`. */
  readonly withheld: readonly string[];
  /** Directions for which `include_message=true` adds the text; empty where the product has none. */
  readonly messageBody: readonly Direction[];
  /** Directions for which `show_concatenated=true` adds the flag. */
  readonly concatenated: readonly Direction[];
  /** The family whose field of the query returns these records; null where only `record` and `records` do. */
  readonly family: Family | null;
  /** Place of the product in the search for an id of each shape, 1 first. Products without one follow. */
  readonly searchRanks: Readonly<Partial<Record<IdShape, number>>>;
  /** Edges to other records, by the name of their GraphQL field. */
  readonly edges: Readonly<Record<string, ProductEdge>>;
  /** Filters that the window mode takes besides direction and dates. */
  readonly filters: readonly string[];
  /** Whether Vonage bills nothing for the records of this product. */
  readonly isFree: boolean;
  /** Vonage announced the product's end, ended it, or no longer offers it. */
  readonly deprecated: boolean;
  /** Whether a lookup without a product searches here, unless the operator chose other products. */
  readonly searchedByDefault: boolean;
}

/** What a row of the catalogue must state; everything else has a default. */
export type RowFacts = Partial<Omit<ProductRules, 'product'>> &
  Pick<ProductRules, 'idFields' | 'dateField' | 'finality'>;

/** Rows that Vonage writes once, when the event is over. */
export const writtenWhenFinished: Finality = { kind: 'written-when-finished' };

/** Rows of whose states no source has a list. */
export const byAge: Finality = { kind: 'by-age' };

/** Rows that stop changing in one of these states, whatever their case. */
export function byStatus(...terminal: readonly string[]): Finality {
  return {
    kind: 'by-status',
    statusField: 'status',
    terminal: new Set(terminal.map((each) => each.toUpperCase())),
  };
}
