/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** Who or what answered a call, as answering-machine detection judged it. */
export type AmdResult =
  /** A person answered. */
  | 'HUMAN'
  /** An answering machine answered. */
  | 'MACHINE'
  /** A verdict that this gateway does not know; see `raw`. */
  | 'UNRECOGNIZED';

/** Quality of the speech recognition. */
export type AsrType =
  /** Recognition of the premier tier. */
  | 'PREMIER'
  /** Recognition of the standard tier. */
  | 'STANDARD'
  /** A tier that this gateway does not know; see `raw`. */
  | 'UNRECOGNIZED';

/** Why a lookup failed; the same codes as in `extensions.code`. A minor version can add codes. */
export type ErrorCode =
  /** The gateway cannot check the credentials now, because it cannot fetch the keys of the token issuer or Vonage does not answer. */
  | 'AUTHENTICATION_UNAVAILABLE'
  /** An argument breaks a rule. The message names the argument, the rule and what arrived; nothing was sent to Vonage. */
  | 'BAD_USER_INPUT'
  /** The client disconnected before the response was ready. */
  | 'CANCELLED'
  /** The caller may not read what it asked for. */
  | 'FORBIDDEN'
  /** The gateway failed with an error of its own. Its log has more under `requestId`. */
  | 'INTERNAL_SERVER_ERROR'
  /** The queue for Vonage is too long to answer before the deadline. `retryAfterMs` says when a retry makes sense. */
  | 'OVERLOADED'
  /** The gateway knows no document with this hash. Clients of automatic persisted queries send its text next; the HTTP status is 200. */
  | 'PERSISTED_QUERY_NOT_FOUND'
  /** The document is not in the list of trusted documents, and the gateway did not parse it. The operator can add it to the list. */
  | 'PERSISTED_QUERY_NOT_IN_LIST'
  /** Clients cannot register documents here. They send the text of each document instead; the HTTP status is 200. */
  | 'PERSISTED_QUERY_NOT_SUPPORTED'
  /** The operation exceeds a limit on its size or shape. Nothing was sent to Vonage. */
  | 'QUERY_TOO_COMPLEX'
  /** The caller exceeded its own limit, or the operator's limit, at this gateway. */
  | 'RATE_LIMITED'
  /** The gateway is stopping. Another instance can answer, or this one after its restart. */
  | 'SHUTTING_DOWN'
  /** The operation asks for more ids than it may. Nothing was sent to Vonage. */
  | 'TOO_MANY_IDS'
  /** The request carries no valid credentials. */
  | 'UNAUTHENTICATED'
  /** Vonage answered with a body that is no records response. */
  | 'UPSTREAM_MALFORMED'
  /** Vonage refused the call because of its rate limit. */
  | 'UPSTREAM_RATE_LIMITED'
  /** Vonage refused the call. The same call will be refused again. */
  | 'UPSTREAM_REJECTED'
  /** Vonage did not answer in time. */
  | 'UPSTREAM_TIMEOUT'
  /** Vonage did not accept the gateway's own credentials. The operator must check them. */
  | 'UPSTREAM_UNAUTHORIZED'
  /** Vonage could not be reached, or answered with a server error. */
  | 'UPSTREAM_UNAVAILABLE';

/** How the lookup of one id ended. */
export type LookupOutcome =
  /** The lookup failed; `error` says why. The other ids are not affected. */
  | 'FAILED'
  /** Vonage has at least one record of the id. */
  | 'FOUND'
  /** Vonage cut its response; the id can have more records than those in the result. */
  | 'INCOMPLETE'
  /** No product that was searched has a record of the id. */
  | 'NOT_FOUND';

/** Channel over which the Messages API carried a message. */
export type MessagesProvider =
  /** Email. */
  | 'EMAIL'
  /** Instagram. */
  | 'INSTAGRAM'
  /** Facebook Messenger. */
  | 'MESSENGER'
  /** MMS. */
  | 'MMS'
  /** RCS. */
  | 'RCS'
  /** SMS. */
  | 'SMS'
  /** A channel that this gateway does not know; see `raw`. */
  | 'UNRECOGNIZED'
  /** Viber service messages. */
  | 'VIBER_SERVICE_MSG'
  /** WhatsApp. */
  | 'WHATSAPP';

/** Outcome of a request to a network API. */
export type NetworkEventStatus =
  /** The request was not served. */
  | 'FAILED'
  /** The request was served. */
  | 'SUCCESS'
  /** An outcome that this gateway does not know; see `raw`. */
  | 'UNRECOGNIZED';

/** How usage records were asked for. */
export type ReportsJobType =
  /** As a report to be downloaded later. */
  | 'ASYNC_JOB'
  /** By dates, answered at once. */
  | 'SYNC_JOB_FROM_DATES'
  /** By id, answered at once. */
  | 'SYNC_JOB_FROM_ID'
  /** A way that this gateway does not know; see `raw`. */
  | 'UNRECOGNIZED';

/** Delivery state of an SMS, from the carrier's receipt. */
export type SmsStatus =
  /** The carrier took it; no receipt yet. */
  | 'ACCEPTED'
  /** The carrier will try again later. */
  | 'BUFFERED'
  /** The carrier deleted the message. */
  | 'DELETED'
  /** The handset got it. */
  | 'DELIVERED'
  /** Delivery was given up when its time ran out. */
  | 'EXPIRED'
  /** Delivery failed. */
  | 'FAILED'
  /** Vonage or the carrier refused it. */
  | 'REJECTED'
  /** Handed to the carrier. */
  | 'SUBMITTED'
  /** The carrier reported no state. */
  | 'UNKNOWN'
  /** A state that this gateway does not know; see `raw`. */
  | 'UNRECOGNIZED';

/** Whether traffic was received or sent. */
export type TrafficDirection =
  /** Received. */
  | 'INBOUND'
  /** Sent. */
  | 'OUTBOUND';

/** Quality of the voice that spoke a text. */
export type TtsType =
  /** A voice of the premier tier. */
  | 'PREMIER'
  /** A voice of the premium tier. */
  | 'PREMIUM'
  /** A voice of the standard tier. */
  | 'STANDARD'
  /** A tier that this gateway does not know; see `raw`. */
  | 'UNRECOGNIZED';

/** What a row of the Verify API (version 2) stands for. */
export type VerifyChannel =
  /** One code sent by email within a request. */
  | 'EMAIL'
  /** One attempt at silent authentication within a request. */
  | 'SILENT_AUTH'
  /** A channel that this gateway does not know; see `raw`. */
  | 'UNRECOGNIZED'
  /** A whole verification request. */
  | 'V2';

/** Feature of the Video API that was used. */
export type VideoFeature =
  /** Recording; see `archiveId`. */
  | 'ARCHIVING'
  /** Audio sent on over a WebSocket; see `subscriberId`. */
  | 'AUDIO_CONNECTOR'
  /** A broadcast; see `broadcastId`. */
  | 'BROADCASTING'
  /** A run of the Experience Composer; see `composerId`. */
  | 'EXPERIENCE_COMPOSER'
  /** An HLS live stream; see `hlsId`. Its row may be written more than two hours late. */
  | 'HLS'
  /** Captions made from speech; see `subscriberId`. */
  | 'LIVE_CAPTIONS'
  /** A connection to a SIP phone system; see `subscriberId`. */
  | 'SIP_INTERCONNECT'
  /** One subscriber's viewing; see `subscriberId`. */
  | 'SUBSCRIBER_MINUTES'
  /** A feature that this gateway does not know; see `raw`. */
  | 'UNRECOGNIZED'
  /** A meeting in a video room; see `meetingId`. */
  | 'VIDEO_SESSION';

/** What Vonage keeps usage records of. */
export type VonageProduct =
  /** Answering-machine detection. */
  | 'AMD'
  /** Speech recognition. */
  | 'ASR'
  /** Conversations as they were recorded before they were split up. */
  | 'CONVERSATIONS'
  /** Events inside conversations. */
  | 'CONVERSATION_EVENT'
  /** Messages inside conversations. In-App Messaging ended on 2026-04-30. */
  | 'CONVERSATION_MESSAGE'
  /** Legs of calls made inside an application. */
  | 'IN_APP_VOICE'
  /** Meetings; no fields are published. */
  | 'MEETINGS'
  /** Messages sent and received with the Messages API, over any channel. */
  | 'MESSAGES'
  /** Requests to network APIs, such as a SIM swap check. */
  | 'NETWORK_API_EVENT'
  /** Lookups of phone numbers. Vonage ends the product on 2027-02-04. */
  | 'NUMBER_INSIGHT'
  /** Fraud-score and SIM-swap checks of numbers. */
  | 'NUMBER_INSIGHT_V2'
  /** Requests to the Reports API, including lookups by this gateway. */
  | 'REPORTS_USAGE'
  /** Text messages sent and received with the SMS API. */
  | 'SMS'
  /** SMS that waited in the throttling queue. */
  | 'SMS_TRAFFIC_CONTROL'
  /** Verifications made with version 1 of the Verify API. */
  | 'VERIFY_API'
  /** Verifications made with version 2 of the Verify API, and their channel events. */
  | 'VERIFY_V2'
  /** Video sessions and what was used in them; kept for 90 days. */
  | 'VIDEO_API'
  /** Calls that were answered. */
  | 'VOICE_CALL'
  /** Calls that did not connect. */
  | 'VOICE_FAILED'
  /** Text spoken during a call. */
  | 'VOICE_TTS'
  /** WebSocket connections of a call. */
  | 'WEBSOCKET_CALL';

export type SmsByIdQueryVariables = Exact<{ [key: string]: never; }>;


export type SmsByIdQuery = { record:
    | { id: string, vonageId: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, vonageId: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, vonageId: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, vonageId: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, vonageId: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, vonageId: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, vonageId: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, vonageId: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, vonageId: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, vonageId: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, vonageId: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, vonageId: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, vonageId: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, vonageId: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { status: SmsStatus | null, from: string | null, to: string | null, networkName: string | null, latency: number | null, id: string, vonageId: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, vonageId: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, vonageId: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, vonageId: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, vonageId: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, vonageId: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, vonageId: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, vonageId: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, vonageId: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
   | null };

export type VerificationsByIdsQueryVariables = Exact<{ [key: string]: never; }>;


export type VerificationsByIdsQuery = { records: { idsNotFound: Array<string>, results: Array<{ requestedId: string, outcome: LookupOutcome, records: Array<
        | { id: string, vonageId: string, occurredAt: string | null, vonageStatus: string | null }
        | { id: string, vonageId: string, occurredAt: string | null, vonageStatus: string | null }
        | { id: string, vonageId: string, occurredAt: string | null, vonageStatus: string | null }
        | { id: string, vonageId: string, occurredAt: string | null, vonageStatus: string | null }
        | { id: string, vonageId: string, occurredAt: string | null, vonageStatus: string | null }
        | { id: string, vonageId: string, occurredAt: string | null, vonageStatus: string | null }
        | { id: string, vonageId: string, occurredAt: string | null, vonageStatus: string | null }
        | { id: string, vonageId: string, occurredAt: string | null, vonageStatus: string | null }
        | { id: string, vonageId: string, occurredAt: string | null, vonageStatus: string | null }
        | { id: string, vonageId: string, occurredAt: string | null, vonageStatus: string | null }
        | { id: string, vonageId: string, occurredAt: string | null, vonageStatus: string | null }
        | { id: string, vonageId: string, occurredAt: string | null, vonageStatus: string | null }
        | { id: string, vonageId: string, occurredAt: string | null, vonageStatus: string | null }
        | { id: string, vonageId: string, occurredAt: string | null, vonageStatus: string | null }
        | { id: string, vonageId: string, occurredAt: string | null, vonageStatus: string | null }
        | { id: string, vonageId: string, occurredAt: string | null, vonageStatus: string | null }
        | { to: string | null, price: string | null, id: string, vonageId: string, occurredAt: string | null, vonageStatus: string | null }
        | { id: string, vonageId: string, occurredAt: string | null, vonageStatus: string | null }
        | { id: string, vonageId: string, occurredAt: string | null, vonageStatus: string | null }
        | { id: string, vonageId: string, occurredAt: string | null, vonageStatus: string | null }
        | { id: string, vonageId: string, occurredAt: string | null, vonageStatus: string | null }
        | { id: string, vonageId: string, occurredAt: string | null, vonageStatus: string | null }
        | { id: string, vonageId: string, occurredAt: string | null, vonageStatus: string | null }
      > }> } };

export type RecordsOfUnknownProductsQueryVariables = Exact<{ [key: string]: never; }>;


export type RecordsOfUnknownProductsQuery = { records: { results: Array<{ requestedId: string, outcome: LookupOutcome, records: Array<
        | { __typename: 'AmdRecord', id: string, product: VonageProduct, direction: TrafficDirection | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'AsrRecord', id: string, product: VonageProduct, direction: TrafficDirection | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'ConversationEventRecord', id: string, product: VonageProduct, direction: TrafficDirection | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'ConversationMessageRecord', id: string, product: VonageProduct, direction: TrafficDirection | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'ConversationsRecord', id: string, product: VonageProduct, direction: TrafficDirection | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'GenericRecord', id: string, product: VonageProduct, direction: TrafficDirection | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'InAppVoiceRecord', id: string, product: VonageProduct, direction: TrafficDirection | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'MessagesInboundRecord', id: string, product: VonageProduct, direction: TrafficDirection | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'MessagesOutboundRecord', id: string, product: VonageProduct, direction: TrafficDirection | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'NetworkApiEventRecord', id: string, product: VonageProduct, direction: TrafficDirection | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'NumberInsightRecord', id: string, product: VonageProduct, direction: TrafficDirection | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'NumberInsightV2Record', id: string, product: VonageProduct, direction: TrafficDirection | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'ReportsUsageRecord', id: string, product: VonageProduct, direction: TrafficDirection | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'SmsInboundRecord', id: string, product: VonageProduct, direction: TrafficDirection | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'SmsOutboundRecord', id: string, product: VonageProduct, direction: TrafficDirection | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'SmsTrafficControlRecord', id: string, product: VonageProduct, direction: TrafficDirection | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'VerifyApiRecord', id: string, product: VonageProduct, direction: TrafficDirection | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'VerifyV2Record', id: string, product: VonageProduct, direction: TrafficDirection | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'VideoApiRecord', id: string, product: VonageProduct, direction: TrafficDirection | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'VoiceCallRecord', id: string, product: VonageProduct, direction: TrafficDirection | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'VoiceFailedRecord', id: string, product: VonageProduct, direction: TrafficDirection | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'VoiceTtsRecord', id: string, product: VonageProduct, direction: TrafficDirection | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'WebSocketCallRecord', id: string, product: VonageProduct, direction: TrafficDirection | null, vonageStatus: string | null, totalPrice: string | null }
      > }> } };

export type TextsOfMessagesQueryVariables = Exact<{ [key: string]: never; }>;


export type TextsOfMessagesQuery = { sms:
    | { id: string, direction: TrafficDirection | null, vonageStatus: string | null, from: string | null, messageBody: string | null }
    | { id: string, direction: TrafficDirection | null, vonageStatus: string | null, to: string | null, messageBody: string | null }
   | null, message:
    | { id: string, direction: TrafficDirection | null, vonageStatus: string | null, provider: MessagesProvider | null, from: string | null, messageBody: string | null }
    | { id: string, direction: TrafficDirection | null, vonageStatus: string | null, provider: MessagesProvider | null, to: string | null, messageBody: string | null }
   | null };

export type CallsWithTheirEventsQueryVariables = Exact<{ [key: string]: never; }>;


export type CallsWithTheirEventsQuery = { records: { results: Array<{ requestedId: string, outcome: LookupOutcome, records: Array<
        | { id: string, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, vonageStatus: string | null, totalPrice: string | null }
        | { duration: number | null, id: string, vonageStatus: string | null, totalPrice: string | null, events: Array<
            | { __typename: 'AmdRecord', id: string, occurredAt: string | null, totalPrice: string | null, amdDetectionResult: AmdResult | null }
            | { __typename: 'AsrRecord', id: string, occurredAt: string | null, totalPrice: string | null, asrType: AsrType | null }
            | { __typename: 'VoiceTtsRecord', id: string, occurredAt: string | null, totalPrice: string | null, ttsType: TtsType | null }
            | { __typename: 'WebSocketCallRecord', id: string, occurredAt: string | null, totalPrice: string | null, duration: number | null }
           | null> | null }
        | { id: string, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, vonageStatus: string | null, totalPrice: string | null }
      > }> } };

export type VoiceRecordsOfAnyKindQueryVariables = Exact<{ [key: string]: never; }>;


export type VoiceRecordsOfAnyKindQuery = { failed:
    | { id: string, vonageStatus: string | null, totalPrice: string | null }
    | { id: string, vonageStatus: string | null, totalPrice: string | null }
    | { id: string, vonageStatus: string | null, totalPrice: string | null }
    | { id: string, vonageStatus: string | null, totalPrice: string | null }
    | { id: string, vonageStatus: string | null, totalPrice: string | null, to: string | null, statusCode: string | null, statusDescription: string | null }
    | { id: string, vonageStatus: string | null, totalPrice: string | null }
    | { id: string, vonageStatus: string | null, totalPrice: string | null }
   | null, spoken:
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null, language: string | null, ttsType: TtsType | null, duration: number | null }
    | { id: string, totalPrice: string | null }
   | null, inApp:
    | { id: string, vonageStatus: string | null, totalPrice: string | null }
    | { id: string, vonageStatus: string | null, totalPrice: string | null }
    | { id: string, vonageStatus: string | null, totalPrice: string | null, conversationId: string | null, duration: number | null }
    | { id: string, vonageStatus: string | null, totalPrice: string | null }
    | { id: string, vonageStatus: string | null, totalPrice: string | null }
    | { id: string, vonageStatus: string | null, totalPrice: string | null }
    | { id: string, vonageStatus: string | null, totalPrice: string | null }
   | null };

export type CallEventsWithTheirCallQueryVariables = Exact<{ [key: string]: never; }>;


export type CallEventsWithTheirCallQuery = { speech:
    | { id: string }
    | { asrType: AsrType | null, id: string, call: { id: string, from: string | null, to: string | null } | null }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
   | null, detection:
    | { amdDetectionResult: AmdResult | null, id: string, call: { id: string } | null }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
   | null, webSocket:
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { duration: number | null, id: string, call: { id: string } | null }
   | null, spoken:
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { duration: number | null, id: string, call: { id: string } | null }
    | { id: string }
   | null };

export type VerificationWithItsParentQueryVariables = Exact<{ [key: string]: never; }>;


export type VerificationWithItsParentQuery = { verifyRecord:
    | { id: string, vonageStatus: string | null, totalPrice: string | null }
    | { id: string, vonageStatus: string | null, totalPrice: string | null, channel: VerifyChannel | null, to: string | null, parent: { id: string, requestId: string | null, occurredAt: string | null, totalPrice: string | null } | null }
   | null };

export type NumberInsightsQueryVariables = Exact<{ [key: string]: never; }>;


export type NumberInsightsQuery = { number:
    | { id: string, vonageStatus: string | null, totalPrice: string | null, number: string | null, country: string | null, networkName: string | null }
    | { id: string, vonageStatus: string | null, totalPrice: string | null }
   | null, fraud:
    | { id: string, vonageStatus: string | null, totalPrice: string | null }
    | { id: string, vonageStatus: string | null, totalPrice: string | null, requestType: string | null, risk: string | null }
   | null };

export type ConversationsQueryVariables = Exact<{ [key: string]: never; }>;


export type ConversationsQuery = { event:
    | { id: string, occurredAt: string | null, totalPrice: string | null, conversationId: string | null, userId: string | null }
    | { id: string, occurredAt: string | null, totalPrice: string | null }
    | { id: string, occurredAt: string | null, totalPrice: string | null }
   | null, message:
    | { id: string, occurredAt: string | null, totalPrice: string | null }
    | { id: string, occurredAt: string | null, totalPrice: string | null, conversationId: string | null, otherIds: Record<string, unknown> | null }
    | { id: string, occurredAt: string | null, totalPrice: string | null }
   | null, older:
    | { id: string, occurredAt: string | null, totalPrice: string | null }
    | { id: string, occurredAt: string | null, totalPrice: string | null }
    | { id: string, occurredAt: string | null, totalPrice: string | null, conversationId: string | null, duration: number | null }
   | null };

export type VideoUseQueryVariables = Exact<{ [key: string]: never; }>;


export type VideoUseQuery = { record:
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { featureName: VideoFeature | null, sessionId: string | null, dateStart: string | null, duration: number | null, id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
   | null };

export type NetworkApiEventQueryVariables = Exact<{ [key: string]: never; }>;


export type NetworkApiEventQuery = { record:
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { msisdn: string | null, eventTime: string | null, status: NetworkEventStatus | null, id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
   | null };

export type ReportsUsageQueryVariables = Exact<{ [key: string]: never; }>;


export type ReportsUsageQuery = { record:
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { jobType: ReportsJobType | null, requestParams: Record<string, unknown> | null, itemsWritten: number | null, id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
    | { id: string, totalPrice: string | null }
   | null };

export type QueuedSmsWithItsMessageQueryVariables = Exact<{ [key: string]: never; }>;


export type QueuedSmsWithItsMessageQuery = { records: { results: Array<{ requestedId: string, outcome: LookupOutcome, records: Array<
        | { id: string, vonageStatus: string | null }
        | { id: string, vonageStatus: string | null }
        | { id: string, vonageStatus: string | null }
        | { id: string, vonageStatus: string | null }
        | { id: string, vonageStatus: string | null }
        | { id: string, vonageStatus: string | null }
        | { id: string, vonageStatus: string | null }
        | { id: string, vonageStatus: string | null }
        | { id: string, vonageStatus: string | null }
        | { id: string, vonageStatus: string | null }
        | { id: string, vonageStatus: string | null }
        | { id: string, vonageStatus: string | null }
        | { id: string, vonageStatus: string | null }
        | { id: string, vonageStatus: string | null }
        | { id: string, vonageStatus: string | null }
        | { queuedTime: string | null, id: string, vonageStatus: string | null, message:
            | { id: string, vonageStatus: string | null, totalPrice: string | null }
            | { id: string, vonageStatus: string | null, totalPrice: string | null, to: string | null }
           | null }
        | { id: string, vonageStatus: string | null }
        | { id: string, vonageStatus: string | null }
        | { id: string, vonageStatus: string | null }
        | { id: string, vonageStatus: string | null }
        | { id: string, vonageStatus: string | null }
        | { id: string, vonageStatus: string | null }
        | { id: string, vonageStatus: string | null }
      > }> } };

export type EveryRecordOfAnIdQueryVariables = Exact<{ [key: string]: never; }>;


export type EveryRecordOfAnIdQuery = { records: { results: Array<{ requestedId: string, outcome: LookupOutcome, records: Array<
        | { id: string, product: VonageProduct, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, product: VonageProduct, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, product: VonageProduct, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, product: VonageProduct, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, product: VonageProduct, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, product: VonageProduct, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, product: VonageProduct, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, product: VonageProduct, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, product: VonageProduct, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, product: VonageProduct, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, product: VonageProduct, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, product: VonageProduct, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, product: VonageProduct, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, product: VonageProduct, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, product: VonageProduct, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, product: VonageProduct, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, product: VonageProduct, vonageStatus: string | null, totalPrice: string | null }
        | { channel: VerifyChannel | null, id: string, product: VonageProduct, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, product: VonageProduct, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, product: VonageProduct, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, product: VonageProduct, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, product: VonageProduct, vonageStatus: string | null, totalPrice: string | null }
        | { id: string, product: VonageProduct, vonageStatus: string | null, totalPrice: string | null }
      >, error: { code: ErrorCode, message: string, isRetryable: boolean, retryAfterMs: number | null } | null }> } };

export type NodesByGlobalIdsQueryVariables = Exact<{ [key: string]: never; }>;


export type NodesByGlobalIdsQuery = { node:
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { networkName: string | null, id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
   | null, nodes: Array<
    | { __typename: 'AmdRecord', occurredAt: string | null, totalPrice: string | null, id: string }
    | { __typename: 'AsrRecord', occurredAt: string | null, totalPrice: string | null, id: string }
    | { __typename: 'ConversationEventRecord', occurredAt: string | null, totalPrice: string | null, id: string }
    | { __typename: 'ConversationMessageRecord', occurredAt: string | null, totalPrice: string | null, id: string }
    | { __typename: 'ConversationsRecord', occurredAt: string | null, totalPrice: string | null, id: string }
    | { __typename: 'GenericRecord', occurredAt: string | null, totalPrice: string | null, id: string }
    | { __typename: 'InAppVoiceRecord', occurredAt: string | null, totalPrice: string | null, id: string }
    | { __typename: 'MessagesInboundRecord', occurredAt: string | null, totalPrice: string | null, id: string }
    | { __typename: 'MessagesOutboundRecord', occurredAt: string | null, totalPrice: string | null, id: string }
    | { __typename: 'NetworkApiEventRecord', occurredAt: string | null, totalPrice: string | null, id: string }
    | { __typename: 'NumberInsightRecord', occurredAt: string | null, totalPrice: string | null, id: string }
    | { __typename: 'NumberInsightV2Record', occurredAt: string | null, totalPrice: string | null, id: string }
    | { __typename: 'ReportsUsageRecord', occurredAt: string | null, totalPrice: string | null, id: string }
    | { __typename: 'SmsInboundRecord', occurredAt: string | null, totalPrice: string | null, id: string }
    | { __typename: 'SmsOutboundRecord', occurredAt: string | null, totalPrice: string | null, id: string }
    | { __typename: 'SmsTrafficControlRecord', occurredAt: string | null, totalPrice: string | null, id: string }
    | { __typename: 'VerifyApiRecord', occurredAt: string | null, totalPrice: string | null, id: string }
    | { __typename: 'VerifyV2Record', occurredAt: string | null, totalPrice: string | null, id: string }
    | { __typename: 'VideoApiRecord', occurredAt: string | null, totalPrice: string | null, id: string }
    | { __typename: 'VoiceCallRecord', occurredAt: string | null, totalPrice: string | null, id: string }
    | { __typename: 'VoiceFailedRecord', occurredAt: string | null, totalPrice: string | null, id: string }
    | { __typename: 'VoiceTtsRecord', occurredAt: string | null, totalPrice: string | null, id: string }
    | { __typename: 'WebSocketCallRecord', occurredAt: string | null, totalPrice: string | null, id: string }
   | null> };

export type GenericAndUnknownRecordsQueryVariables = Exact<{ [key: string]: never; }>;


export type GenericAndUnknownRecordsQuery = { generic:
    | { id: string, totalPrice: string | null, raw: Record<string, unknown> }
    | Record<PropertyKey, never>
   | null, unknown:
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
   | null };

export type DayOfSmsQueryVariables = Exact<{ [key: string]: never; }>;


export type DayOfSmsQuery = { recordsByDate: { edges: Array<{ cursor: string, node:
        | { id: string, occurredAt: string | null, totalPrice: string | null }
        | { id: string, occurredAt: string | null, totalPrice: string | null }
        | { id: string, occurredAt: string | null, totalPrice: string | null }
        | { id: string, occurredAt: string | null, totalPrice: string | null }
        | { id: string, occurredAt: string | null, totalPrice: string | null }
        | { id: string, occurredAt: string | null, totalPrice: string | null }
        | { id: string, occurredAt: string | null, totalPrice: string | null }
        | { id: string, occurredAt: string | null, totalPrice: string | null }
        | { id: string, occurredAt: string | null, totalPrice: string | null }
        | { id: string, occurredAt: string | null, totalPrice: string | null }
        | { id: string, occurredAt: string | null, totalPrice: string | null }
        | { id: string, occurredAt: string | null, totalPrice: string | null }
        | { id: string, occurredAt: string | null, totalPrice: string | null }
        | { id: string, occurredAt: string | null, totalPrice: string | null }
        | { status: SmsStatus | null, to: string | null, id: string, occurredAt: string | null, totalPrice: string | null }
        | { id: string, occurredAt: string | null, totalPrice: string | null }
        | { id: string, occurredAt: string | null, totalPrice: string | null }
        | { id: string, occurredAt: string | null, totalPrice: string | null }
        | { id: string, occurredAt: string | null, totalPrice: string | null }
        | { id: string, occurredAt: string | null, totalPrice: string | null }
        | { id: string, occurredAt: string | null, totalPrice: string | null }
        | { id: string, occurredAt: string | null, totalPrice: string | null }
        | { id: string, occurredAt: string | null, totalPrice: string | null }
       }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type NextPartOfCallsQueryVariables = Exact<{
  after?: string | null | undefined;
  first?: number;
}>;


export type NextPartOfCallsQuery = { recordsByDate: { nodes: Array<
      | { id: string, occurredAt: string | null }
      | { id: string, occurredAt: string | null }
      | { id: string, occurredAt: string | null }
      | { id: string, occurredAt: string | null }
      | { id: string, occurredAt: string | null }
      | { id: string, occurredAt: string | null }
      | { id: string, occurredAt: string | null }
      | { id: string, occurredAt: string | null }
      | { id: string, occurredAt: string | null }
      | { id: string, occurredAt: string | null }
      | { id: string, occurredAt: string | null }
      | { id: string, occurredAt: string | null }
      | { id: string, occurredAt: string | null }
      | { id: string, occurredAt: string | null }
      | { id: string, occurredAt: string | null }
      | { id: string, occurredAt: string | null }
      | { id: string, occurredAt: string | null }
      | { id: string, occurredAt: string | null }
      | { id: string, occurredAt: string | null }
      | { duration: number | null, id: string, occurredAt: string | null }
      | { id: string, occurredAt: string | null }
      | { id: string, occurredAt: string | null }
      | { id: string, occurredAt: string | null }
    >, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type VerificationsOfCountryQueryVariables = Exact<{ [key: string]: never; }>;


export type VerificationsOfCountryQuery = { recordsByDate: { nodes: Array<
      | { id: string, occurredAt: string | null, vonageStatus: string | null }
      | { id: string, occurredAt: string | null, vonageStatus: string | null }
      | { id: string, occurredAt: string | null, vonageStatus: string | null }
      | { id: string, occurredAt: string | null, vonageStatus: string | null }
      | { id: string, occurredAt: string | null, vonageStatus: string | null }
      | { id: string, occurredAt: string | null, vonageStatus: string | null }
      | { id: string, occurredAt: string | null, vonageStatus: string | null }
      | { id: string, occurredAt: string | null, vonageStatus: string | null }
      | { id: string, occurredAt: string | null, vonageStatus: string | null }
      | { id: string, occurredAt: string | null, vonageStatus: string | null }
      | { id: string, occurredAt: string | null, vonageStatus: string | null }
      | { id: string, occurredAt: string | null, vonageStatus: string | null }
      | { id: string, occurredAt: string | null, vonageStatus: string | null }
      | { id: string, occurredAt: string | null, vonageStatus: string | null }
      | { id: string, occurredAt: string | null, vonageStatus: string | null }
      | { id: string, occurredAt: string | null, vonageStatus: string | null }
      | { country: string | null, id: string, occurredAt: string | null, vonageStatus: string | null }
      | { id: string, occurredAt: string | null, vonageStatus: string | null }
      | { id: string, occurredAt: string | null, vonageStatus: string | null }
      | { id: string, occurredAt: string | null, vonageStatus: string | null }
      | { id: string, occurredAt: string | null, vonageStatus: string | null }
      | { id: string, occurredAt: string | null, vonageStatus: string | null }
      | { id: string, occurredAt: string | null, vonageStatus: string | null }
    >, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };


export const SmsByIdDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"SmsById"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"record"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"15000000E1F8B123","block":false}},{"kind":"Argument","name":{"kind":"Name","value":"product"},"value":{"kind":"EnumValue","value":"SMS"}},{"kind":"Argument","name":{"kind":"Name","value":"direction"},"value":{"kind":"EnumValue","value":"OUTBOUND"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"vonageId"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"totalPrice"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"isFinal"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SmsOutboundRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"from"}},{"kind":"Field","name":{"kind":"Name","value":"to"}},{"kind":"Field","name":{"kind":"Name","value":"networkName"}},{"kind":"Field","name":{"kind":"Name","value":"latency"}}]}}]}}]}}]} as unknown as DocumentNode<SmsByIdQuery, SmsByIdQueryVariables>;
export const VerificationsByIdsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"VerificationsByIds"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"records"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"product"},"value":{"kind":"EnumValue","value":"VERIFY_API"}},{"kind":"Argument","name":{"kind":"Name","value":"ids"},"value":{"kind":"ListValue","values":[{"kind":"StringValue","value":"7b1091b8-1a05-11eb-bad9-38f9d331493","block":false},{"kind":"StringValue","value":"7b109636-1a05-11eb-bad9-38f9d3316493","block":false},{"kind":"StringValue","value":"7b109a1e-1a05-11eb-bad9-38f9d3316493","block":false},{"kind":"StringValue","value":"7b10a0c2-1a05-11eb-bad9-38f9d331649","block":false}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"idsNotFound"}},{"kind":"Field","name":{"kind":"Name","value":"results"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"requestedId"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"records"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"vonageId"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"vonageStatus"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VerifyApiRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"to"}},{"kind":"Field","name":{"kind":"Name","value":"price"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<VerificationsByIdsQuery, VerificationsByIdsQueryVariables>;
export const RecordsOfUnknownProductsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"RecordsOfUnknownProducts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"records"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"ids"},"value":{"kind":"ListValue","values":[{"kind":"StringValue","value":"15000000E1F8B123","block":false},{"kind":"StringValue","value":"7b109636-1a05-11eb-bad9-38f9d3316493","block":false}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"results"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"requestedId"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"records"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"product"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"vonageStatus"}},{"kind":"Field","name":{"kind":"Name","value":"totalPrice"}}]}}]}}]}}]}}]} as unknown as DocumentNode<RecordsOfUnknownProductsQuery, RecordsOfUnknownProductsQueryVariables>;
export const TextsOfMessagesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"TextsOfMessages"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"sms"},"name":{"kind":"Name","value":"smsRecord"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"E6A73990A9E768AD","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VonageRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"vonageStatus"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SmsInboundRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"from"}},{"kind":"Field","name":{"kind":"Name","value":"messageBody"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SmsOutboundRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"to"}},{"kind":"Field","name":{"kind":"Name","value":"messageBody"}}]}}]}},{"kind":"Field","alias":{"kind":"Name","value":"message"},"name":{"kind":"Name","value":"messagesRecord"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"77db0739-1410-43df-a635-7dc2fd370dd5","block":false}},{"kind":"Argument","name":{"kind":"Name","value":"direction"},"value":{"kind":"EnumValue","value":"INBOUND"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VonageRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"vonageStatus"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MessagesInboundRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"from"}},{"kind":"Field","name":{"kind":"Name","value":"messageBody"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MessagesOutboundRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"to"}},{"kind":"Field","name":{"kind":"Name","value":"messageBody"}}]}}]}}]}}]} as unknown as DocumentNode<TextsOfMessagesQuery, TextsOfMessagesQueryVariables>;
export const CallsWithTheirEventsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"CallsWithTheirEvents"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"records"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"product"},"value":{"kind":"EnumValue","value":"VOICE_CALL"}},{"kind":"Argument","name":{"kind":"Name","value":"ids"},"value":{"kind":"ListValue","values":[{"kind":"StringValue","value":"7267dedb75adbc3094c7926a0d5ef9ba-1","block":false},{"kind":"StringValue","value":"7793d8e519fe996a141022cb03c16410-1","block":false},{"kind":"StringValue","value":"586b9dc33943ac74a59437e0d3b75d57-1","block":false}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"results"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"requestedId"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"records"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"vonageStatus"}},{"kind":"Field","name":{"kind":"Name","value":"totalPrice"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VoiceCallRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"duration"}},{"kind":"Field","name":{"kind":"Name","value":"events"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VonageRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"totalPrice"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AsrRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"asrType"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AmdRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amdDetectionResult"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"WebSocketCallRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"duration"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VoiceTtsRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ttsType"}}]}}]}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<CallsWithTheirEventsQuery, CallsWithTheirEventsQueryVariables>;
export const VoiceRecordsOfAnyKindDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"VoiceRecordsOfAnyKind"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"failed"},"name":{"kind":"Name","value":"voiceRecord"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"d88e7f67dc4b018b3a9d9a2a9997b1cf","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VonageRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"vonageStatus"}},{"kind":"Field","name":{"kind":"Name","value":"totalPrice"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VoiceFailedRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"to"}},{"kind":"Field","name":{"kind":"Name","value":"statusCode"}},{"kind":"Field","name":{"kind":"Name","value":"statusDescription"}}]}}]}},{"kind":"Field","alias":{"kind":"Name","value":"spoken"},"name":{"kind":"Name","value":"voiceRecord"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"7101c00c-52bc-417c-a002-3a2fbdb9f946","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VonageRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"totalPrice"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VoiceTtsRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"language"}},{"kind":"Field","name":{"kind":"Name","value":"ttsType"}},{"kind":"Field","name":{"kind":"Name","value":"duration"}}]}}]}},{"kind":"Field","alias":{"kind":"Name","value":"inApp"},"name":{"kind":"Name","value":"voiceRecord"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"986f0020-508e-4276-aa81-631d8e7e3c08","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VonageRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"vonageStatus"}},{"kind":"Field","name":{"kind":"Name","value":"totalPrice"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InAppVoiceRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"conversationId"}},{"kind":"Field","name":{"kind":"Name","value":"duration"}}]}}]}}]}}]} as unknown as DocumentNode<VoiceRecordsOfAnyKindQuery, VoiceRecordsOfAnyKindQueryVariables>;
export const CallEventsWithTheirCallDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"CallEventsWithTheirCall"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"speech"},"name":{"kind":"Name","value":"record"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"product"},"value":{"kind":"EnumValue","value":"ASR"}},{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"7267dedb75adbc3094c7926a0d5ef9ba-1","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AsrRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"asrType"}},{"kind":"Field","name":{"kind":"Name","value":"call"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"from"}},{"kind":"Field","name":{"kind":"Name","value":"to"}}]}}]}}]}},{"kind":"Field","alias":{"kind":"Name","value":"detection"},"name":{"kind":"Name","value":"record"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"product"},"value":{"kind":"EnumValue","value":"AMD"}},{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"7267dedb75adbc3094c7926a0d5ef9ba-1","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AmdRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amdDetectionResult"}},{"kind":"Field","name":{"kind":"Name","value":"call"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}},{"kind":"Field","alias":{"kind":"Name","value":"webSocket"},"name":{"kind":"Name","value":"record"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"product"},"value":{"kind":"EnumValue","value":"WEBSOCKET_CALL"}},{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"7267dedb75adbc3094c7926a0d5ef9ba-1","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"WebSocketCallRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"duration"}},{"kind":"Field","name":{"kind":"Name","value":"call"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}},{"kind":"Field","alias":{"kind":"Name","value":"spoken"},"name":{"kind":"Name","value":"record"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"product"},"value":{"kind":"EnumValue","value":"VOICE_TTS"}},{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"7267dedb75adbc3094c7926a0d5ef9ba-1","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VoiceTtsRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"duration"}},{"kind":"Field","name":{"kind":"Name","value":"call"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]}}]} as unknown as DocumentNode<CallEventsWithTheirCallQuery, CallEventsWithTheirCallQueryVariables>;
export const VerificationWithItsParentDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"VerificationWithItsParent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verifyRecord"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"35f3f93f-9c9e-4446-ae51-f856fe928970","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VonageRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"vonageStatus"}},{"kind":"Field","name":{"kind":"Name","value":"totalPrice"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VerifyV2Record"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"channel"}},{"kind":"Field","name":{"kind":"Name","value":"to"}},{"kind":"Field","name":{"kind":"Name","value":"parent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"requestId"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"totalPrice"}}]}}]}}]}}]}}]} as unknown as DocumentNode<VerificationWithItsParentQuery, VerificationWithItsParentQueryVariables>;
export const NumberInsightsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"NumberInsights"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"number"},"name":{"kind":"Name","value":"insightRecord"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"f93b5ece-6691-4c70-af30-0e2b3851daa8","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VonageRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"vonageStatus"}},{"kind":"Field","name":{"kind":"Name","value":"totalPrice"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"NumberInsightRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"country"}},{"kind":"Field","name":{"kind":"Name","value":"networkName"}}]}}]}},{"kind":"Field","alias":{"kind":"Name","value":"fraud"},"name":{"kind":"Name","value":"insightRecord"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"83cb0612-05ad-4072-a7aa-283f6a332fef","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VonageRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"vonageStatus"}},{"kind":"Field","name":{"kind":"Name","value":"totalPrice"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"NumberInsightV2Record"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"requestType"}},{"kind":"Field","name":{"kind":"Name","value":"risk"}}]}}]}}]}}]} as unknown as DocumentNode<NumberInsightsQuery, NumberInsightsQueryVariables>;
export const ConversationsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Conversations"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"event"},"name":{"kind":"Name","value":"conversationRecord"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"ec33c005-a382-4c29-ad78-35966f0220c7","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VonageRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"totalPrice"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ConversationEventRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"conversationId"}},{"kind":"Field","name":{"kind":"Name","value":"userId"}}]}}]}},{"kind":"Field","alias":{"kind":"Name","value":"message"},"name":{"kind":"Name","value":"conversationRecord"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"90b99a28-c49c-4db3-a64c-683d9e4991e9","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VonageRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"totalPrice"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ConversationMessageRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"conversationId"}},{"kind":"Field","name":{"kind":"Name","value":"otherIds"}}]}}]}},{"kind":"Field","alias":{"kind":"Name","value":"older"},"name":{"kind":"Name","value":"conversationRecord"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"3ede24e3-5df8-478a-aee7-a8b233363237","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VonageRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"totalPrice"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ConversationsRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"conversationId"}},{"kind":"Field","name":{"kind":"Name","value":"duration"}}]}}]}}]}}]} as unknown as DocumentNode<ConversationsQuery, ConversationsQueryVariables>;
export const VideoUseDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"VideoUse"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"record"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"product"},"value":{"kind":"EnumValue","value":"VIDEO_API"}},{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"d8597856-cd2b-419f-a8e1-5c666a3660dc","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"totalPrice"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VideoApiRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"featureName"}},{"kind":"Field","name":{"kind":"Name","value":"sessionId"}},{"kind":"Field","name":{"kind":"Name","value":"dateStart"}},{"kind":"Field","name":{"kind":"Name","value":"duration"}}]}}]}}]}}]} as unknown as DocumentNode<VideoUseQuery, VideoUseQueryVariables>;
export const NetworkApiEventDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"NetworkApiEvent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"record"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"product"},"value":{"kind":"EnumValue","value":"NETWORK_API_EVENT"}},{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"45c44cc0-39fa-4510-ad5d-d94343800f77","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"totalPrice"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"NetworkApiEventRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"msisdn"}},{"kind":"Field","name":{"kind":"Name","value":"eventTime"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}}]}}]} as unknown as DocumentNode<NetworkApiEventQuery, NetworkApiEventQueryVariables>;
export const ReportsUsageDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ReportsUsage"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"record"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"product"},"value":{"kind":"EnumValue","value":"REPORTS_USAGE"}},{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"32b9ea81-0a2b-489d-a46b-08f969cec2fb","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"totalPrice"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ReportsUsageRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"jobType"}},{"kind":"Field","name":{"kind":"Name","value":"requestParams"}},{"kind":"Field","name":{"kind":"Name","value":"itemsWritten"}}]}}]}}]}}]} as unknown as DocumentNode<ReportsUsageQuery, ReportsUsageQueryVariables>;
export const QueuedSmsWithItsMessageDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"QueuedSmsWithItsMessage"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"records"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"product"},"value":{"kind":"EnumValue","value":"SMS_TRAFFIC_CONTROL"}},{"kind":"Argument","name":{"kind":"Name","value":"ids"},"value":{"kind":"ListValue","values":[{"kind":"StringValue","value":"A631EE076B49EA96","block":false}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"results"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"requestedId"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"records"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"vonageStatus"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SmsTrafficControlRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"queuedTime"}},{"kind":"Field","name":{"kind":"Name","value":"message"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VonageRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"vonageStatus"}},{"kind":"Field","name":{"kind":"Name","value":"totalPrice"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SmsOutboundRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"to"}}]}}]}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<QueuedSmsWithItsMessageQuery, QueuedSmsWithItsMessageQueryVariables>;
export const EveryRecordOfAnIdDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"EveryRecordOfAnId"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"records"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"ids"},"value":{"kind":"ListValue","values":[{"kind":"StringValue","value":"15000000E1F8B123","block":false},{"kind":"StringValue","value":"2a11cbdd-7c01-4080-a23f-094b11153b5b","block":false}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"results"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"requestedId"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"records"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"product"}},{"kind":"Field","name":{"kind":"Name","value":"vonageStatus"}},{"kind":"Field","name":{"kind":"Name","value":"totalPrice"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VerifyV2Record"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"channel"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"isRetryable"}},{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}}]}}]}}]}}]}}]} as unknown as DocumentNode<EveryRecordOfAnIdQuery, EveryRecordOfAnIdQueryVariables>;
export const NodesByGlobalIdsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"NodesByGlobalIds"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"vr1_YWJjZDEyMzQvU01TL291dGJvdW5kLzE1MDAwMDAwRTFGOEIxMjMv","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SmsOutboundRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"networkName"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"ids"},"value":{"kind":"ListValue","values":[{"kind":"StringValue","value":"vr1_YWJjZDEyMzQvVk9JQ0UtQ0FMTC8vNzI2N2RlZGI3NWFkYmMzMDk0Yzc5MjZhMGQ1ZWY5YmEtMS8","block":false},{"kind":"StringValue","value":"vr1_YWJjZDEyMzQvVkVSSUZZLUFQSS8vN2IxMDk2MzYtMWEwNS0xMWViLWJhZDktMzhmOWQzMzE2NDkzLw","block":false}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VonageRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"totalPrice"}}]}}]}}]}}]} as unknown as DocumentNode<NodesByGlobalIdsQuery, NodesByGlobalIdsQueryVariables>;
export const GenericAndUnknownRecordsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"GenericAndUnknownRecords"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"generic"},"name":{"kind":"Name","value":"record"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"product"},"value":{"kind":"EnumValue","value":"MEETINGS"}},{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"ca9bfc02-e9b9-494c-aa2a-39e7fb460dcf","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"GenericRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"totalPrice"}},{"kind":"Field","name":{"kind":"Name","value":"raw"}}]}}]}},{"kind":"Field","alias":{"kind":"Name","value":"unknown"},"name":{"kind":"Name","value":"record"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"product"},"value":{"kind":"EnumValue","value":"VIDEO_API"}},{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"no-such-session","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]} as unknown as DocumentNode<GenericAndUnknownRecordsQuery, GenericAndUnknownRecordsQueryVariables>;
export const DayOfSmsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"DayOfSms"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"recordsByDate"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"product"},"value":{"kind":"EnumValue","value":"SMS"}},{"kind":"Argument","name":{"kind":"Name","value":"direction"},"value":{"kind":"EnumValue","value":"OUTBOUND"}},{"kind":"Argument","name":{"kind":"Name","value":"since"},"value":{"kind":"StringValue","value":"2026-01-05T00:00:00Z","block":false}},{"kind":"Argument","name":{"kind":"Name","value":"until"},"value":{"kind":"StringValue","value":"2026-01-06T00:00:00Z","block":false}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"totalPrice"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SmsOutboundRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"to"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<DayOfSmsQuery, DayOfSmsQueryVariables>;
export const NextPartOfCallsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"NextPartOfCalls"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},"defaultValue":{"kind":"IntValue","value":"50"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"recordsByDate"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"product"},"value":{"kind":"EnumValue","value":"VOICE_CALL"}},{"kind":"Argument","name":{"kind":"Name","value":"since"},"value":{"kind":"StringValue","value":"2026-01-05T00:00:00Z","block":false}},{"kind":"Argument","name":{"kind":"Name","value":"until"},"value":{"kind":"StringValue","value":"2026-01-06T00:00:00Z","block":false}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VoiceCallRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"duration"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<NextPartOfCallsQuery, NextPartOfCallsQueryVariables>;
export const VerificationsOfCountryDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"VerificationsOfCountry"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"recordsByDate"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"product"},"value":{"kind":"EnumValue","value":"VERIFY_API"}},{"kind":"Argument","name":{"kind":"Name","value":"since"},"value":{"kind":"StringValue","value":"2026-01-05T00:00:00Z","block":false}},{"kind":"Argument","name":{"kind":"Name","value":"until"},"value":{"kind":"StringValue","value":"2026-01-06T00:00:00Z","block":false}},{"kind":"Argument","name":{"kind":"Name","value":"where"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"country"},"value":{"kind":"StringValue","value":"GB","block":false}}]}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"vonageStatus"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VerifyApiRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"country"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<VerificationsOfCountryQuery, VerificationsOfCountryQueryVariables>;