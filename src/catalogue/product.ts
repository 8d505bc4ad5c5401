/** What Vonage keeps usage records of; the value is the name used on the wire. */
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

/** The name of a product where a hyphen cannot stand: in GraphQL and in the configuration. */
export function productName(product: Product): string {
  return product.replaceAll('-', '_');
}

/** Every product by its name where a hyphen cannot stand: in GraphQL, in the configuration and in tokens. */
export const productByName: ReadonlyMap<string, Product> = new Map(
  Object.values(Product).map((product) => [productName(product), product]),
);

/** Whether a look-up of a product names a direction: it must, it may, or Vonage answers 422 when it does. */
export type DirectionRule = 'required' | 'optional' | 'refused';

/** When a row stops changing. */
export type Finality =
  /** The row is written once, after the event is over. */
  | { readonly kind: 'written-when-finished' }
  /** The row changes until its status is one of these (upper case), or 72 hours after `dateField`. */
  | { readonly kind: 'by-status'; readonly statusField: string; readonly terminal: ReadonlySet<string> }
  /** No source lists the states; only age makes the row final. */
  | { readonly kind: 'by-age' };

/** How the usage records of one product are asked for and read. All names are wire names. */
export interface ProductRules {
  readonly product: Product;
  readonly direction: DirectionRule;
  /** Fields whose value a look-up id may equal, the likeliest first. */
  readonly idFields: readonly string[];
  /** Whether one id may have several rows, each then told apart by the row's own `id`. */
  readonly rowsPerId: 'one' | 'several';
  /** Moment of receipt, or of the start for calls and sessions. */
  readonly dateField: string | null;
  readonly finality: Finality;
  /** Directions for which `include_message=true` adds the text; empty where the product has none. */
  readonly messageBody: readonly Direction[];
  /** Directions for which `show_concatenated=true` adds the flag. */
  readonly concatenated: readonly Direction[];
  /** Vonage announced the product's end, or ended it. */
  readonly deprecated: boolean;
}
