import { ID, Int, registerEnumType } from '../../type-graphql.js';
import { RecordType, UsageRecord } from '../base.js';
import { Field, nullable, plain } from '../field.js';
import { DateTime } from '../scalars.js';

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
