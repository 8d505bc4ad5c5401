/** Refuses a request before GraphQL sees it. The caller is shown the message, so it quotes nothing secret. */
export class HttpRefusal extends Error {
  readonly statusCode: number;
  /** Headers that the status calls for, such as `allow` with 405. */
  readonly headers: Readonly<Record<string, string>>;

  /**
   * @param statusCode the answer's status, from 400 to 499
   */
  constructor(statusCode: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'HttpRefusal';
    this.statusCode = statusCode;
    this.headers = headers;
  }
}
