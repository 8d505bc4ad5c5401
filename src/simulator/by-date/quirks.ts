/** What single sources report of Vonage's date mode, and its documentation does not. All of it is off at first. */
export interface DateQuirks {
  /** Parameters that `_links.next` leaves out; in production it has lost `date_start`, and at times `date_end`. */
  nextLinkOmits: readonly string[];
  /** A query by date without both dates is refused with 422. Documented: seven days ago and now are the defaults. */
  requiresDates: boolean;
  /** A `date_end` in the future is refused with 422, as a `date_start` always is. */
  refusesFutureEnd: boolean;
  /** Responses have no `Date` header, so that a client cannot read Vonage's time from them. */
  omitsDateHeader: boolean;
  /** Characters outside ASCII are written as `\uXXXX`, which makes up to six bytes of two. */
  escapesText: boolean;
}

/** Every quirk turned off. */
export const noDateQuirks: Readonly<DateQuirks> = Object.freeze({
  nextLinkOmits: [],
  requiresDates: false,
  refusesFutureEnd: false,
  omitsDateHeader: false,
  escapesText: false,
});
