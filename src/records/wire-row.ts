/** One usage record as Vonage sent it: hostile until a decoder has read it. */
export type WireRow = Readonly<Record<string, unknown>>;
