import { GraphQLDateTime, GraphQLJSONObject } from 'graphql-scalars';
import { Direction } from '../catalogue/direction.js';
import { Product } from '../catalogue/product.js';
import { Extensions, Field, ID, InterfaceType, registerEnumType } from '../type-graphql.js';
import { Decimal } from './decimal.js';
import { Node } from './node.js';
import { nullable } from './nullable.js';
import type { WireRow } from './wire-row.js';

registerEnumType(Product, {
  name: 'Product',
  description: 'What Vonage keeps usage records of.',
  valuesConfig: {
    CONVERSATIONS: { deprecationReason: 'Vonage replaced it by CONVERSATION_EVENT and IN_APP_VOICE.' },
    MEETINGS: { deprecationReason: 'Vonage ended the product; only old lists name it.' },
  },
});
registerEnumType(Direction, {
  name: 'Direction',
  description: 'Whether the traffic came in to Vonage or went out from it.',
});

/**
 * What every usage record has. A decoder makes the instances: it derives the fields marked `derived` from where the row
 * was found, and reads every other one from the wire under its snake_case name, or the names that `wire` gives.
 */
@InterfaceType('Record', { implements: Node, description: 'One usage record, whatever its product.' })
export abstract class UsageRecord implements Node {
  @Extensions({ derived: true })
  @Field(() => ID, { description: 'Global id: opaque, URL-safe, stable; never build or parse one.' })
  readonly id!: string;

  @Extensions({ derived: true })
  @Field(() => ID, { description: 'The id under which Vonage finds this record. Opaque text, not always a UUID.' })
  readonly uuid!: string;

  @Extensions({ derived: true })
  @Field(() => Product, { description: 'The product whose use was recorded.' })
  readonly product!: Product;

  @Field(() => Direction, nullable('Whether the traffic came in to Vonage or went out from it.'))
  readonly direction!: Direction | null;

  @Extensions({ derived: true })
  @Field(() => ID, { description: 'API key of the account, or subaccount, that generated the traffic.' })
  readonly accountId!: string;

  @Extensions({ wire: 'id' })
  @Field(() => ID, nullable('Identifier of this usage row itself. Absent from older rows.'))
  readonly recordId!: string | null;

  @Extensions({ derived: true })
  @Field(() => GraphQLDateTime, nullable('Moment of receipt, or of the start for calls and sessions.'))
  readonly occurredAt!: Date | null;

  @Field(() => Decimal, nullable('Amount charged for this row, in `currency`.'))
  readonly totalPrice!: string | null;

  @Field(() => String, nullable('Currency of the prices in this row. Vonage leaves it blank for several products.'))
  readonly currency!: string | null;

  @Extensions({ derived: true })
  @Field(() => Boolean, { description: 'True once Vonage will not change the record any more.' })
  readonly isFinal!: boolean;

  @Extensions({ derived: true })
  @Field(() => GraphQLJSONObject, {
    description: 'The record as Vonage sent it, without what this operation did not select or may not see.',
  })
  readonly raw!: WireRow;
}
