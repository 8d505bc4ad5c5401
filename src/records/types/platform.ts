import { Extensions, ID, Int, registerEnumType } from '../../type-graphql.js';
import { Field, nullable, personal, plain, RecordType, UsageRecord } from '../base.js';
import { DateTime, Decimal, JSONObject } from '../scalars.js';

export enum VideoFeature {
  VIDEO_SESSION = 'Video Session',
  ARCHIVING = 'Archiving',
  BROADCASTING = 'Broadcasting',
  HLS = 'HLS',
  EXPERIENCE_COMPOSER = 'Experience composer',
  SIP_INTERCONNECT = 'SIP_Interconnect',
  AUDIO_CONNECTOR = 'Audio_Connector',
  LIVE_CAPTIONS = 'Live_Captions',
  SUBSCRIBER_MINUTES = 'Subscriber minutes',
  UNRECOGNIZED = 'UNRECOGNIZED',
}
registerEnumType(VideoFeature, {
  name: 'VideoFeature',
  description: 'Feature of the Video API that was used.',
  valuesConfig: {
    VIDEO_SESSION: { description: 'A meeting in a video room; see `meetingId`.' },
    ARCHIVING: { description: 'Recording; see `archiveId`.' },
    BROADCASTING: { description: 'A broadcast; see `broadcastId`.' },
    HLS: { description: 'An HLS live stream; see `hlsId`. Its row may be written more than two hours late.' },
    EXPERIENCE_COMPOSER: { description: 'A run of the Experience Composer; see `composerId`.' },
    SIP_INTERCONNECT: { description: 'A connection to a SIP phone system; see `subscriberId`.' },
    AUDIO_CONNECTOR: { description: 'Audio sent on over a WebSocket; see `subscriberId`.' },
    LIVE_CAPTIONS: { description: 'Captions made from speech; see `subscriberId`.' },
    SUBSCRIBER_MINUTES: { description: "One subscriber's viewing; see `subscriberId`." },
    UNRECOGNIZED: { description: 'A feature that this gateway does not know; see `raw`.' },
  },
});

@RecordType('One use of a feature of the Video API. Vonage keeps these rows for 90 days.')
export class VideoApiRecord extends UsageRecord {
  @Field(() => ID, nullable('Vonage application that the session belongs to.'))
  readonly applicationId!: string | null;

  @Field(() => ID, nullable('Recording that was made; ARCHIVING only.'))
  readonly archiveId!: string | null;

  @Field(() => ID, nullable('Broadcast that was sent; BROADCASTING only.'))
  readonly broadcastId!: string | null;

  @Field(() => ID, nullable('Run of the Experience Composer; EXPERIENCE_COMPOSER only.'))
  readonly composerId!: string | null;

  @Field(() => DateTime, nullable('When the use ended.'))
  readonly dateEnd!: string | null;

  @Field(() => DateTime, nullable('When the use started.'))
  readonly dateStart!: string | null;

  @Field(() => Int, nullable('Time the feature was used, in seconds.'))
  readonly duration!: number | null;

  @Field(() => VideoFeature, nullable('Feature that was used.'))
  readonly featureName!: VideoFeature | null;

  @Field(() => ID, nullable('Live stream that was sent; HLS only.'))
  readonly hlsId!: string | null;

  @Field(() => ID, nullable('Meeting, which is one stretch of a session; VIDEO_SESSION only.'))
  readonly meetingId!: string | null;

  @Field(() => ID, nullable('Session, which is the video room: rows of one room share it.'))
  readonly sessionId!: string | null;

  @Field(
    () => ID,
    nullable('Subscriber; SUBSCRIBER_MINUTES, SIP_INTERCONNECT, AUDIO_CONNECTOR and LIVE_CAPTIONS only.'),
  )
  readonly subscriberId!: string | null;

  @Field(
    () => String,
    plain('Volume tiers used for pricing, such as 0-1000_1001-onwards. Null for flat pricing.'),
  )
  readonly tierVolume!: string | null;
}

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

export enum ReportsJobType {
  SYNC_JOB_FROM_ID = 'SYNC_JOB_FROM_ID',
  SYNC_JOB_FROM_DATES = 'SYNC_JOB_FROM_DATES',
  ASYNC_JOB = 'ASYNC_JOB',
  UNRECOGNIZED = 'UNRECOGNIZED',
}
registerEnumType(ReportsJobType, {
  name: 'ReportsJobType',
  description: 'How usage records were asked for.',
  valuesConfig: {
    SYNC_JOB_FROM_ID: { description: 'By id, answered at once.' },
    SYNC_JOB_FROM_DATES: { description: 'By dates, answered at once.' },
    ASYNC_JOB: { description: 'As a report to be downloaded later.' },
    UNRECOGNIZED: { description: 'A way that this gateway does not know; see `raw`.' },
  },
});

@RecordType('One request for usage records: what this gateway itself causes.')
export class ReportsUsageRecord extends UsageRecord {
  @Extensions({ derived: true })
  @Field(() => ID, {
    description:
      'API key of the account whose records were requested. `callerAccountId` is the account that requested them.',
  })
  override readonly accountId!: string;

  @Extensions({ wire: 'acc' })
  @Field(() => ID, nullable('API key that made the request. It can differ from `accountId`.'))
  readonly callerAccountId!: string | null;

  @Field(() => DateTime, nullable('When the report was finished.'))
  readonly dateFinished!: string | null;

  @Field(() => DateTime, nullable('When the request was made.'))
  readonly dateReceived!: string | null;

  @Field(
    () => DateTime,
    nullable('When Vonage began to work on it. Can be null when Vonage answered at once.'),
  )
  readonly dateStarted!: string | null;

  @Field(() => Boolean, nullable('True if the report was charged for.'))
  readonly isCharged!: boolean | null;

  @Field(() => Int, nullable('Number of records in the report.'))
  readonly itemsWritten!: number | null;

  @Field(() => ReportsJobType, nullable('How the records were asked for.'))
  readonly jobType!: ReportsJobType | null;

  @Field(() => ID, nullable('API key of the parent account; that of the account itself where it has none.'))
  readonly masterAccountId!: string | null;

  @Field(() => Decimal, nullable('Price per returned record, in `currency`.'))
  readonly price!: string | null;

  @Field(() => String, plain('Always "reports".'))
  readonly productType!: string | null;

  @Field(
    () => JSONObject,
    personal('Parameters of the request under their wire names, such as product and date_start.'),
  )
  readonly requestParams!: Readonly<Record<string, unknown>> | null;

  @Extensions({ wire: ['requested_product', 'request_product'] })
  @Field(() => String, plain('Product whose records were requested, such as SMS.'))
  readonly requestedProduct!: string | null;

  @Field(() => String, plain('How the request went, such as SUCCESS. Vonage publishes no closed list.'))
  readonly status!: string | null;

  @Field(
    () => String,
    plain('Volume tiers used for pricing, such as 0-1000_1001-onwards. Null for flat pricing.'),
  )
  readonly tierVolume!: string | null;

  @Field(() => Decimal, nullable('Amount charged for the whole report, in `currency`.'))
  override readonly totalPrice!: string | null;
}
