/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
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

export type SmsDeliveryQueryVariables = Exact<{
  id: string;
}>;


export type SmsDeliveryQuery = { record:
    | { id: string, totalPrice: string | null, currency: string | null }
    | { id: string, totalPrice: string | null, currency: string | null }
    | { id: string, totalPrice: string | null, currency: string | null }
    | { id: string, totalPrice: string | null, currency: string | null }
    | { id: string, totalPrice: string | null, currency: string | null }
    | { id: string, totalPrice: string | null, currency: string | null }
    | { id: string, totalPrice: string | null, currency: string | null }
    | { id: string, totalPrice: string | null, currency: string | null }
    | { id: string, totalPrice: string | null, currency: string | null }
    | { id: string, totalPrice: string | null, currency: string | null }
    | { id: string, totalPrice: string | null, currency: string | null }
    | { id: string, totalPrice: string | null, currency: string | null }
    | { id: string, totalPrice: string | null, currency: string | null }
    | { id: string, totalPrice: string | null, currency: string | null }
    | { status: SmsStatus | null, to: string | null, networkName: string | null, id: string, totalPrice: string | null, currency: string | null }
    | { id: string, totalPrice: string | null, currency: string | null }
    | { id: string, totalPrice: string | null, currency: string | null }
    | { id: string, totalPrice: string | null, currency: string | null }
    | { id: string, totalPrice: string | null, currency: string | null }
    | { id: string, totalPrice: string | null, currency: string | null }
    | { id: string, totalPrice: string | null, currency: string | null }
    | { id: string, totalPrice: string | null, currency: string | null }
    | { id: string, totalPrice: string | null, currency: string | null }
   | null };

export type MixedRecordsQueryVariables = Exact<{
  ids: Array<string> | string;
}>;


export type MixedRecordsQuery = { records: { results: Array<{ requestedId: string, outcome: LookupOutcome, records: Array<
        | { __typename: 'AmdRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'AsrRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'ConversationEventRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'ConversationMessageRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'ConversationsRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'GenericRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'InAppVoiceRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'MessagesInboundRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'MessagesOutboundRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'NetworkApiEventRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'NumberInsightRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'NumberInsightV2Record', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'ReportsUsageRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'SmsInboundRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'SmsOutboundRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'SmsTrafficControlRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'VerifyApiRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'VerifyV2Record', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'VideoApiRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'VoiceCallRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'VoiceFailedRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'VoiceTtsRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'WebSocketCallRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
      >, error: { code: ErrorCode, message: string, isRetryable: boolean, retryAfterMs: number | null } | null }> } };

export type RecordByGlobalIdQueryVariables = Exact<{
  id: string;
}>;


export type RecordByGlobalIdQuery = { node:
    | { __typename: 'AmdRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
    | { __typename: 'AsrRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
    | { __typename: 'ConversationEventRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
    | { __typename: 'ConversationMessageRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
    | { __typename: 'ConversationsRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
    | { __typename: 'GenericRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
    | { __typename: 'InAppVoiceRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
    | { __typename: 'MessagesInboundRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
    | { __typename: 'MessagesOutboundRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
    | { __typename: 'NetworkApiEventRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
    | { __typename: 'NumberInsightRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
    | { __typename: 'NumberInsightV2Record', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
    | { __typename: 'ReportsUsageRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
    | { __typename: 'SmsInboundRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
    | { __typename: 'SmsOutboundRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
    | { __typename: 'SmsTrafficControlRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
    | { __typename: 'VerifyApiRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
    | { __typename: 'VerifyV2Record', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
    | { __typename: 'VideoApiRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
    | { __typename: 'VoiceCallRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
    | { __typename: 'VoiceFailedRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
    | { __typename: 'VoiceTtsRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
    | { __typename: 'WebSocketCallRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
   | null };

export type SmsOfDayQueryVariables = Exact<{
  since: string;
  until: string;
  first: number;
  after?: string | null | undefined;
}>;


export type SmsOfDayQuery = { recordsByDate: { edges: Array<{ cursor: string, node:
        | { __typename: 'AmdRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'AsrRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'ConversationEventRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'ConversationMessageRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'ConversationsRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'GenericRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'InAppVoiceRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'MessagesInboundRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'MessagesOutboundRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'NetworkApiEventRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'NumberInsightRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'NumberInsightV2Record', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'ReportsUsageRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'SmsInboundRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'SmsOutboundRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'SmsTrafficControlRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'VerifyApiRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'VerifyV2Record', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'VideoApiRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'VoiceCallRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'VoiceFailedRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'VoiceTtsRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
        | { __typename: 'WebSocketCallRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null }
       }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

type RecordSummary_AmdRecord_Fragment = { __typename: 'AmdRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null };

type RecordSummary_AsrRecord_Fragment = { __typename: 'AsrRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null };

type RecordSummary_ConversationEventRecord_Fragment = { __typename: 'ConversationEventRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null };

type RecordSummary_ConversationMessageRecord_Fragment = { __typename: 'ConversationMessageRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null };

type RecordSummary_ConversationsRecord_Fragment = { __typename: 'ConversationsRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null };

type RecordSummary_GenericRecord_Fragment = { __typename: 'GenericRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null };

type RecordSummary_InAppVoiceRecord_Fragment = { __typename: 'InAppVoiceRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null };

type RecordSummary_MessagesInboundRecord_Fragment = { __typename: 'MessagesInboundRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null };

type RecordSummary_MessagesOutboundRecord_Fragment = { __typename: 'MessagesOutboundRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null };

type RecordSummary_NetworkApiEventRecord_Fragment = { __typename: 'NetworkApiEventRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null };

type RecordSummary_NumberInsightRecord_Fragment = { __typename: 'NumberInsightRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null };

type RecordSummary_NumberInsightV2Record_Fragment = { __typename: 'NumberInsightV2Record', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null };

type RecordSummary_ReportsUsageRecord_Fragment = { __typename: 'ReportsUsageRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null };

type RecordSummary_SmsInboundRecord_Fragment = { __typename: 'SmsInboundRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null };

type RecordSummary_SmsOutboundRecord_Fragment = { __typename: 'SmsOutboundRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null };

type RecordSummary_SmsTrafficControlRecord_Fragment = { __typename: 'SmsTrafficControlRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null };

type RecordSummary_VerifyApiRecord_Fragment = { __typename: 'VerifyApiRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null };

type RecordSummary_VerifyV2Record_Fragment = { __typename: 'VerifyV2Record', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null };

type RecordSummary_VideoApiRecord_Fragment = { __typename: 'VideoApiRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null };

type RecordSummary_VoiceCallRecord_Fragment = { __typename: 'VoiceCallRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null };

type RecordSummary_VoiceFailedRecord_Fragment = { __typename: 'VoiceFailedRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null };

type RecordSummary_VoiceTtsRecord_Fragment = { __typename: 'VoiceTtsRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null };

type RecordSummary_WebSocketCallRecord_Fragment = { __typename: 'WebSocketCallRecord', id: string, occurredAt: string | null, vonageStatus: string | null, totalPrice: string | null };

export type RecordSummaryFragment =
  | RecordSummary_AmdRecord_Fragment
  | RecordSummary_AsrRecord_Fragment
  | RecordSummary_ConversationEventRecord_Fragment
  | RecordSummary_ConversationMessageRecord_Fragment
  | RecordSummary_ConversationsRecord_Fragment
  | RecordSummary_GenericRecord_Fragment
  | RecordSummary_InAppVoiceRecord_Fragment
  | RecordSummary_MessagesInboundRecord_Fragment
  | RecordSummary_MessagesOutboundRecord_Fragment
  | RecordSummary_NetworkApiEventRecord_Fragment
  | RecordSummary_NumberInsightRecord_Fragment
  | RecordSummary_NumberInsightV2Record_Fragment
  | RecordSummary_ReportsUsageRecord_Fragment
  | RecordSummary_SmsInboundRecord_Fragment
  | RecordSummary_SmsOutboundRecord_Fragment
  | RecordSummary_SmsTrafficControlRecord_Fragment
  | RecordSummary_VerifyApiRecord_Fragment
  | RecordSummary_VerifyV2Record_Fragment
  | RecordSummary_VideoApiRecord_Fragment
  | RecordSummary_VoiceCallRecord_Fragment
  | RecordSummary_VoiceFailedRecord_Fragment
  | RecordSummary_VoiceTtsRecord_Fragment
  | RecordSummary_WebSocketCallRecord_Fragment
;

export const RecordSummaryFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RecordSummary"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VonageRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"vonageStatus"}},{"kind":"Field","name":{"kind":"Name","value":"totalPrice"}}]}}]} as unknown as DocumentNode<RecordSummaryFragment, unknown>;
export const SmsDeliveryDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"SmsDelivery"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"record"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}},{"kind":"Argument","name":{"kind":"Name","value":"product"},"value":{"kind":"EnumValue","value":"SMS"}},{"kind":"Argument","name":{"kind":"Name","value":"direction"},"value":{"kind":"EnumValue","value":"OUTBOUND"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"totalPrice"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SmsOutboundRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"to"}},{"kind":"Field","name":{"kind":"Name","value":"networkName"}}]}}]}}]}}]} as unknown as DocumentNode<SmsDeliveryQuery, SmsDeliveryQueryVariables>;
export const MixedRecordsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"MixedRecords"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"ids"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"records"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"ids"},"value":{"kind":"Variable","name":{"kind":"Name","value":"ids"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"results"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"requestedId"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"records"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"RecordSummary"}}]}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"isRetryable"}},{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RecordSummary"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VonageRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"vonageStatus"}},{"kind":"Field","name":{"kind":"Name","value":"totalPrice"}}]}}]} as unknown as DocumentNode<MixedRecordsQuery, MixedRecordsQueryVariables>;
export const RecordByGlobalIdDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"RecordByGlobalId"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"RecordSummary"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RecordSummary"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VonageRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"vonageStatus"}},{"kind":"Field","name":{"kind":"Name","value":"totalPrice"}}]}}]} as unknown as DocumentNode<RecordByGlobalIdQuery, RecordByGlobalIdQueryVariables>;
export const SmsOfDayDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"SmsOfDay"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"since"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DateTime"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"until"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DateTime"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"recordsByDate"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"product"},"value":{"kind":"EnumValue","value":"SMS"}},{"kind":"Argument","name":{"kind":"Name","value":"direction"},"value":{"kind":"EnumValue","value":"OUTBOUND"}},{"kind":"Argument","name":{"kind":"Name","value":"since"},"value":{"kind":"Variable","name":{"kind":"Name","value":"since"}}},{"kind":"Argument","name":{"kind":"Name","value":"until"},"value":{"kind":"Variable","name":{"kind":"Name","value":"until"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"RecordSummary"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RecordSummary"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VonageRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"vonageStatus"}},{"kind":"Field","name":{"kind":"Name","value":"totalPrice"}}]}}]} as unknown as DocumentNode<SmsOfDayQuery, SmsOfDayQueryVariables>;