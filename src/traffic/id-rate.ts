import { GatewayError } from '../errors.js';

/** How many ids a caller may ask for: so many a second, and so many at once after a pause. */
export class IdRate {
  readonly idsPerSecond: number;
  /** Ids that a full bucket holds: a burst, or what refills in a second if that is more. */
  readonly capacity: number;

  /** Throws a RangeError unless `idsPerSecond` is a number above 0. */
  constructor(idsPerSecond: number, burst: number) {
    if (!(idsPerSecond > 0 && idsPerSecond < Infinity)) {
      throw new RangeError(`Expected \`idsPerSecond\` to be a number above 0, got ${idsPerSecond}`);
    }
    this.idsPerSecond = idsPerSecond;
    this.capacity = Math.max(burst, idsPerSecond);
  }

  /** Throws TOO_MANY_IDS for more ids than ever are there at once. */
  refuseWhatNeverFits(ids: number): void {
    if (ids <= this.capacity) return;
    const message = `This caller may ask for at most ${Math.floor(this.capacity)} ids at once, got: ${ids}.`;
    throw new GatewayError('TOO_MANY_IDS', message);
  }

  /** What a caller is told who has to wait. */
  refusal(ids: number, retryAfterMs: number): GatewayError {
    const message = `This caller may ask for ${this.idsPerSecond} ids a second; there will be ${ids} in ${retryAfterMs} ms.`;
    return new GatewayError('RATE_LIMITED', message, { retryAfterMs });
  }
}
