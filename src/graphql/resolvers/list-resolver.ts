import { type GraphQLResolveInfo, responsePathAsArray } from 'graphql';
import { Direction, Product, productName } from '../../catalogue/product.js';
import { rulesOf } from '../../catalogue/products.js';
import { GatewayError } from '../../errors.js';
import { defaultFirst } from '../../limits/lookups-of.js';
import type { ListTarget } from '../../operation/operation-service.js';
import { DateTime } from '../../records/scalars.js';
import { Args, ArgsType, Ctx, Field, ID, Info, Int, Query, Resolver } from '../../type-graphql.js';
import type { OperationContext } from '../operation-context.js';
import { decodeCursor, type ListParameters } from './list-cursor.js';
import { accountArgument, accountOf, badInput } from './record-arguments.js';
import { ListedConnection, RecordConnection } from './record-connection.js';
import { RecordFilter, toFilters } from './record-filter.js';
import { selectedContent } from './selected-content.js';

/** Records of one field at most: what a page of Vonage holds. */
const maxFirst = 1000;

/** What a list consists of, and which part of it is asked for. */
@ArgsType()
class ListArguments {
  @Field(() => Product, { description: 'The product whose records are listed.' })
  product!: Product;

  @Field(() => DateTime, { description: 'Begin of the window, inclusive.' })
  since!: Date;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'End of the window, exclusive. At least a minute ago, since Vonage refuses what its clock has not reached; the ' +
      'default is the last whole minute of that time. With `after` the default is the end that the list began with.',
  })
  until?: Date | null;

  @Field(() => Direction, {
    nullable: true,
    description:
      'Direction of the traffic. Required for SMS and MESSAGES, optional for VOICE_CALL, VOICE_FAILED and ASR, and ' +
      'refused for any other product.',
  })
  direction?: Direction | null;

  @Field(() => ID, accountArgument)
  accountId?: string | null;

  @Field(() => RecordFilter, {
    nullable: true,
    description: 'Narrows the list, and with it what a page can cost.',
  })
  where?: RecordFilter | null;

  @Field(() => Int, {
    defaultValue: defaultFirst,
    description: 'Records at most, from 1 to 1,000. It does not change what a page costs.',
  })
  first!: number;

  @Field(() => String, { nullable: true, description: 'A cursor of the same list, behind which it goes on.' })
  after?: string | null;
}

/** Lists of records by date. */
@Resolver()
export class ListResolver {
  @Query(() => RecordConnection, {
    description:
      'Records of one product and account in a window of time, forward only. Needs the scope `records:range`. Vonage sells ' +
      'pages of up to 1,000 records: the first request of a page is billed whole, and the rest of the page is free for ten ' +
      'minutes.',
  })
  async recordsByDate(
    @Args(() => ListArguments) { first, after, until, ...described }: ListArguments,
    @Ctx() context: OperationContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RecordConnection> {
    const parameters = parametersOf(described, context, info);
    if (!Number.isInteger(first) || first < 1 || first > maxFirst)
      throw badInput('first', `must be an integer from 1 to ${maxFirst}`, String(first));
    const place = placeOf(after, parameters, until?.getTime());
    const target = { ...parameters, ...place, first };
    const list = await context.operation.list(target, selectedContent(info, context));
    if (list.fault) context.listFaults?.push({ error: list.fault, path: responsePathAsArray(info.path) });
    return new ListedConnection(parameters, place.start, list);
  }
}

function parametersOf(
  { product, since, direction = null, accountId = null, where = null }: Omit<ListArguments, 'first'>,
  { rules }: OperationContext,
  info: GraphQLResolveInfo,
): ListParameters {
  return {
    accountId: accountOf(accountId, rules),
    product,
    direction: directionOf(product, direction),
    sinceMs: since.getTime(),
    filters: toFilters(where, product, direction, info),
  };
}

function placeOf(
  after: string | null | undefined,
  parameters: ListParameters,
  untilMs: number | undefined,
): Pick<ListTarget, 'untilMs' | 'detail' | 'start' | 'offset'> {
  if (after === null || after === undefined) return { untilMs, detail: undefined, start: null, offset: 0 };
  return decodeCursor(after, parameters, untilMs);
}

function directionOf(product: Product, direction: Direction | null): Direction | null {
  const { direction: rule } = rulesOf(product);
  if (rule === 'required' && direction === null)
    throw new GatewayError(
      'BAD_USER_INPUT',
      `direction must be given: Vonage lists ${productName(product)} by one direction at a time.`,
    );
  if (rule === 'refused' && direction !== null)
    throw new GatewayError(
      'BAD_USER_INPUT',
      `direction must be left out: records of ${productName(product)} have none.`,
    );
  return direction;
}
