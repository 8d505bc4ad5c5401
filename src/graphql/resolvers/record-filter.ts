import { type GraphQLResolveInfo, getNamedType, isEnumType, isObjectType } from 'graphql';
import { isVonageId } from '../../catalogue/ids.js';
import { type Direction, type Product, productName } from '../../catalogue/product.js';
import { products, rulesOf } from '../../catalogue/products.js';
import { GatewayError } from '../../errors.js';
import { UNRECOGNIZED } from '../../records/base.js';
import { recordTypeOf } from '../../records/record-types.js';
import { Field, ID, InputType } from '../../type-graphql.js';
import { badInput } from './record-arguments.js';

/** A description that names the products which take the filter. */
function filter(wireName: string, meaning: string) {
  const takers = products
    .filter(({ filters }) => filters.includes(wireName))
    .map((each) => productName(each.product));
  return { nullable: true, description: `${meaning} For ${takers.join(', ')}.` };
}

@InputType({
  description:
    'Narrows a list to records that match every given field. A field that the product does not take is refused before ' +
    'anything is sent.',
})
export class RecordFilter {
  @Field(() => String, filter('status', "A value of the record's `status`, or its spelling at Vonage."))
  readonly status?: string | null;

  @Field(() => String, filter('from', 'The sender. Needs the scope `records:numbers`.'))
  readonly from?: string | null;

  @Field(() => String, filter('to', 'The recipient. Needs the scope `records:numbers`.'))
  readonly to?: string | null;

  @Field(() => String, filter('country', 'Two letters of ISO 3166, such as `GB`.'))
  readonly country?: string | null;

  @Field(() => String, filter('network', 'Code of the mobile network, such as `23410`.'))
  readonly network?: string | null;

  @Field(() => String, filter('number', 'The number that was looked up. Needs the scope `records:numbers`.'))
  readonly number?: string | null;

  @Field(() => String, filter('account_ref', 'The reference of the account.'))
  readonly accountRef?: string | null;

  @Field(() => ID, filter('call_id', 'Id of the call.'))
  readonly callId?: string | null;

  @Field(() => ID, filter('leg_id', 'Id of the leg of a call.'))
  readonly legId?: string | null;

  @Field(() => ID, filter('conversation_id', 'Id of the conversation.'))
  readonly conversationId?: string | null;

  @Field(() => String, filter('provider', "A value of the record's `provider`, or its spelling at Vonage."))
  readonly provider?: string | null;

  @Field(() => String, filter('locale', 'The language of the message, such as `en-gb`.'))
  readonly locale?: string | null;

  @Field(() => String, filter('number_type', 'Type of the number.'))
  readonly numberType?: string | null;

  @Field(() => String, filter('channel', "A value of the record's `channel`, or its spelling at Vonage."))
  readonly channel?: string | null;

  @Field(() => ID, filter('parent_request_id', 'Id of the request that the record belongs to.'))
  readonly parentRequestId?: string | null;

  @Field(() => String, filter('request_type', 'Type of the request.'))
  readonly requestType?: string | null;

  @Field(() => ID, filter('session_id', 'Id of the session.'))
  readonly sessionId?: string | null;

  @Field(() => ID, filter('meeting_id', 'Id of the meeting.'))
  readonly meetingId?: string | null;

  @Field(() => String, filter('product_name', 'Name of the network API.'))
  readonly productName?: string | null;

  @Field(() => ID, filter('request_session_id', 'Id of the request to a network API.'))
  readonly requestSessionId?: string | null;

  @Field(() => String, filter('product_path', 'Path of the request to a network API.'))
  readonly productPath?: string | null;

  @Field(() => ID, filter('correlation_id', 'Id that the events of one request share.'))
  readonly correlationId?: string | null;
}

/** Visible characters and single blanks. */
const textForm = /^(?! )[^\p{C}\p{Zl}\p{Zp}]{1,200}(?<! )$/u;

/**
 * The filters by their wire names, in the order of these. Throws BAD_USER_INPUT for one that the product does not take, and
 * for a value that cannot be one.
 */
export function toFilters(
  where: RecordFilter | null | undefined,
  product: Product,
  direction: Direction | null,
  info: GraphQLResolveInfo,
): readonly (readonly [name: string, value: string])[] {
  const given = Object.entries(where ?? {}).filter(([, value]) => value !== null && value !== undefined);
  return given
    .map(([name, value]): readonly [string, string] => {
      const wire = wireName(name);
      assertTaken(name, wire, product);
      return [wire, wireValue(name, String(value), enumValues(name, product, direction, info))];
    })
    .sort(([one], [other]) => (one < other ? -1 : 1));
}

function assertTaken(name: string, wire: string, product: Product): void {
  const { filters } = rulesOf(product);
  if (filters.includes(wire)) return;
  const taken = filters.length > 0 ? `it takes ${filters.map(fieldName).join(', ')}` : 'it takes none';
  throw new GatewayError(
    'BAD_USER_INPUT',
    `where.${name} must be left out: ${productName(product)} has no such filter; ${taken}.`,
  );
}

/** The names of a closed list by its values; empty for a filter of open text. */
function enumValues(
  name: string,
  product: Product,
  direction: Direction | null,
  { schema }: GraphQLResolveInfo,
): ReadonlyMap<string, string> {
  const record = schema.getType(recordTypeOf(product, direction)?.recordClass.name ?? '');
  const field = isObjectType(record) ? record.getFields()[name] : undefined;
  const type = field && getNamedType(field.type);
  return new Map(isEnumType(type) ? type.getValues().map((each) => [each.name, String(each.value)]) : []);
}

/** Vonage adds values to its lists, so one that no list has is sent as it is. */
function wireValue(name: string, text: string, values: ReadonlyMap<string, string>): string {
  const isId = name.endsWith('Id');
  if (isId ? !isVonageId(text) : !textForm.test(text))
    throw badInput(
      `where.${name}`,
      isId
        ? 'must be 1 to 128 letters, digits, . _ : or -'
        : 'must be 1 to 200 visible characters without blanks around them',
      text,
    );
  if (text === UNRECOGNIZED)
    throw badInput(`where.${name}`, 'must be a value that Vonage knows; `raw` shows it', text);
  return values.get(text) ?? text;
}

function wireName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function fieldName(wire: string): string {
  return wire.replace(/_(.)/g, (_all, letter: string) => letter.toUpperCase());
}
