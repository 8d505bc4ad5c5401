import { ID, registerEnumType } from '../../type-graphql.js';
import { RecordType, UsageRecord } from '../base.js';
import { Field, nullable, personal, plain } from '../field.js';
import { DateTime } from '../scalars.js';

export enum NetworkEventStatus {
  SUCCESS = 'SUCCESS',
  FAILED = 'FAILED',
  UNRECOGNIZED = 'UNRECOGNIZED',
}
registerEnumType(NetworkEventStatus, {
  name: 'NetworkEventStatus',
  description: 'Outcome of a request to a network API.',
  valuesConfig: {
    SUCCESS: { description: 'The request was served.' },
    FAILED: { description: 'The request was not served.' },
    UNRECOGNIZED: { description: 'An outcome that this gateway does not know; see `raw`.' },
  },
});

@RecordType('One event of a request to a network API (CAMARA), such as a SIM swap check.')
export class NetworkApiEventRecord extends UsageRecord {
  @Field(() => ID, nullable('Vonage application that the request belongs to.'))
  readonly applicationId!: string | null;

  @Field(() => ID, nullable('Shared by all events of one request.'))
  readonly correlationId!: string | null;

  @Field(() => String, plain('Two-letter ISO country the number belongs to.'))
  readonly countryCode!: string | null;

  @Field(() => DateTime, nullable('When the event happened.'))
  readonly eventTime!: string | null;

  @Field(() => String, personal('Phone number that the request was about.'))
  readonly msisdn!: string | null;

  @Field(
    () => String,
    plain('Network code: usually MCC and MNC, sometimes a word such as US-FIXED, or both.'),
  )
  readonly network!: string | null;

  @Field(() => String, plain('CAMARA product that was used, such as camara-sim-swap.'))
  readonly productName!: string | null;

  @Field(() => String, plain('Path or name of the product that was called, such as SimSwap.'))
  readonly productPath!: string | null;

  @Field(() => DateTime, nullable('When Vonage wrote this row.'))
  readonly recordCreationTime!: string | null;

  @Field(() => ID, nullable("Identifier of the request's session at Vonage."))
  readonly requestSessionId!: string | null;

  @Field(() => String, plain('What was requested of the product, such as check or retrieve-date.'))
  readonly requestType!: string | null;

  @Field(() => String, personal('Answer of the network.'))
  readonly responseResult!: string | null;

  @Field(() => NetworkEventStatus, nullable('Outcome of the request.'))
  readonly status!: NetworkEventStatus | null;
}
