/**
 * Fields, by name, whose values belong to a person or tell about one: numbers and names, addresses, the text of messages,
 * identifiers of an application's users. A name means the same in every record type. `raw` may hold any of them.
 */
export const personalFields: ReadonlySet<string> = new Set([
  'changedFrom',
  'firstName',
  'forcedFrom',
  'from',
  'fromMemberId',
  'fromUserId',
  'ipAddress',
  'lastName',
  'messageBody',
  'msisdn',
  'number',
  'otherIds',
  'raw',
  'requestParams',
  'responseResult',
  'to',
  'userId',
]);
