/** Whether traffic came in to Vonage or went out from it; the value is the word used on the wire. */
export enum Direction {
  INBOUND = 'inbound',
  OUTBOUND = 'outbound',
}
