/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** Whether the traffic came in to Vonage or went out from it. */
export type Direction =
  /** It came in to Vonage. */
  | 'INBOUND'
  /** It went out from Vonage. */
  | 'OUTBOUND';

/** What Vonage keeps usage records of. */
export type Product =
  /** Answering machines looked for at the start of a call. */
  | 'AMD'
  /** Speech recognised during a call. */
  | 'ASR'
  /** Conversations as they were recorded before they were split up. */
  | 'CONVERSATIONS'
  /** Events inside conversations. */
  | 'CONVERSATION_EVENT'
  /** Messages inside conversations. */
  | 'CONVERSATION_MESSAGE'
  /** Legs of calls made inside an application. */
  | 'IN_APP_VOICE'
  /** Meetings; no fields are published. */
  | 'MEETINGS'
  /** Messages sent and received with the Messages API, over any channel. */
  | 'MESSAGES'
  /** Requests to network APIs, such as a SIM swap check. */
  | 'NETWORK_API_EVENT'
  /** Look-ups of phone numbers. */
  | 'NUMBER_INSIGHT'
  /** Fraud and swap look-ups of phone numbers. */
  | 'NUMBER_INSIGHT_V2'
  /** Reports that were made, look-ups by id among them. */
  | 'REPORTS_USAGE'
  /** Text messages sent and received with the SMS API. */
  | 'SMS'
  /** The way of a text message through the throttling queue. */
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

/** Delivery state of an SMS, from the carrier's receipt. */
export type SmsStatus =
  /** The carrier took it; no receipt yet. */
  | 'ACCEPTED'
  /** The carrier holds it for a later attempt. */
  | 'BUFFERED'
  /** The carrier removed it. */
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
  /** The carrier does not tell. */
  | 'UNKNOWN'
  /** A state that this gateway does not know; see `raw`. */
  | 'UNRECOGNIZED';

export type SmsByIdQueryVariables = Exact<{ [key: string]: never; }>;


export type SmsByIdQuery = { record:
    | { id: string, uuid: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, uuid: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, uuid: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, uuid: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, uuid: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, uuid: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, uuid: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, uuid: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, uuid: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, uuid: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, uuid: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, uuid: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, uuid: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, uuid: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { status: SmsStatus | null, from: string | null, to: string | null, networkName: string | null, latency: number | null, id: string, uuid: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, uuid: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, uuid: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, uuid: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, uuid: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, uuid: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, uuid: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, uuid: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
    | { id: string, uuid: string, occurredAt: string | null, totalPrice: string | null, currency: string | null, isFinal: boolean }
   | null };

export type VerificationsByIdsQueryVariables = Exact<{ [key: string]: never; }>;


export type VerificationsByIdsQuery = { records: { idsNotFound: Array<string>, nodes: Array<
      | { uuid: string, occurredAt: string | null }
      | { uuid: string, occurredAt: string | null }
      | { uuid: string, occurredAt: string | null }
      | { uuid: string, occurredAt: string | null }
      | { uuid: string, occurredAt: string | null }
      | { uuid: string, occurredAt: string | null }
      | { uuid: string, occurredAt: string | null }
      | { uuid: string, occurredAt: string | null }
      | { uuid: string, occurredAt: string | null }
      | { uuid: string, occurredAt: string | null }
      | { uuid: string, occurredAt: string | null }
      | { uuid: string, occurredAt: string | null }
      | { uuid: string, occurredAt: string | null }
      | { uuid: string, occurredAt: string | null }
      | { uuid: string, occurredAt: string | null }
      | { uuid: string, occurredAt: string | null }
      | { status: string | null, to: string | null, price: string | null, uuid: string, occurredAt: string | null }
      | { uuid: string, occurredAt: string | null }
      | { uuid: string, occurredAt: string | null }
      | { uuid: string, occurredAt: string | null }
      | { uuid: string, occurredAt: string | null }
      | { uuid: string, occurredAt: string | null }
      | { uuid: string, occurredAt: string | null }
     | null> } };

export type RecordsOfUnknownProductsQueryVariables = Exact<{ [key: string]: never; }>;


export type RecordsOfUnknownProductsQuery = { records: { idsNotFound: Array<string>, nodes: Array<
      | { __typename: 'AmdRecord', uuid: string, product: Product, direction: Direction | null, totalPrice: string | null }
      | { __typename: 'AsrRecord', uuid: string, product: Product, direction: Direction | null, totalPrice: string | null }
      | { __typename: 'ConversationEventRecord', uuid: string, product: Product, direction: Direction | null, totalPrice: string | null }
      | { __typename: 'ConversationMessageRecord', uuid: string, product: Product, direction: Direction | null, totalPrice: string | null }
      | { __typename: 'ConversationsRecord', uuid: string, product: Product, direction: Direction | null, totalPrice: string | null }
      | { __typename: 'GenericRecord', uuid: string, product: Product, direction: Direction | null, totalPrice: string | null }
      | { __typename: 'InAppVoiceRecord', uuid: string, product: Product, direction: Direction | null, totalPrice: string | null }
      | { __typename: 'MessagesInboundRecord', uuid: string, product: Product, direction: Direction | null, totalPrice: string | null }
      | { __typename: 'MessagesOutboundRecord', uuid: string, product: Product, direction: Direction | null, totalPrice: string | null }
      | { __typename: 'NetworkApiEventRecord', uuid: string, product: Product, direction: Direction | null, totalPrice: string | null }
      | { __typename: 'NumberInsightRecord', uuid: string, product: Product, direction: Direction | null, totalPrice: string | null }
      | { __typename: 'NumberInsightV2Record', uuid: string, product: Product, direction: Direction | null, totalPrice: string | null }
      | { __typename: 'ReportsUsageRecord', uuid: string, product: Product, direction: Direction | null, totalPrice: string | null }
      | { __typename: 'SmsInboundRecord', uuid: string, product: Product, direction: Direction | null, totalPrice: string | null }
      | { __typename: 'SmsOutboundRecord', uuid: string, product: Product, direction: Direction | null, totalPrice: string | null }
      | { __typename: 'SmsTrafficControlRecord', uuid: string, product: Product, direction: Direction | null, totalPrice: string | null }
      | { __typename: 'VerifyApiRecord', uuid: string, product: Product, direction: Direction | null, totalPrice: string | null }
      | { __typename: 'VerifyV2Record', uuid: string, product: Product, direction: Direction | null, totalPrice: string | null }
      | { __typename: 'VideoApiRecord', uuid: string, product: Product, direction: Direction | null, totalPrice: string | null }
      | { __typename: 'VoiceCallRecord', uuid: string, product: Product, direction: Direction | null, totalPrice: string | null }
      | { __typename: 'VoiceFailedRecord', uuid: string, product: Product, direction: Direction | null, totalPrice: string | null }
      | { __typename: 'VoiceTtsRecord', uuid: string, product: Product, direction: Direction | null, totalPrice: string | null }
      | { __typename: 'WebSocketCallRecord', uuid: string, product: Product, direction: Direction | null, totalPrice: string | null }
     | null> } };


export const SmsByIdDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"SmsById"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"record"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"15000000E1F8B123","block":false}},{"kind":"Argument","name":{"kind":"Name","value":"product"},"value":{"kind":"EnumValue","value":"SMS"}},{"kind":"Argument","name":{"kind":"Name","value":"direction"},"value":{"kind":"EnumValue","value":"OUTBOUND"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"uuid"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"totalPrice"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"isFinal"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SmsOutboundRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"from"}},{"kind":"Field","name":{"kind":"Name","value":"to"}},{"kind":"Field","name":{"kind":"Name","value":"networkName"}},{"kind":"Field","name":{"kind":"Name","value":"latency"}}]}}]}}]}}]} as unknown as DocumentNode<SmsByIdQuery, SmsByIdQueryVariables>;
export const VerificationsByIdsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"VerificationsByIds"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"records"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"product"},"value":{"kind":"EnumValue","value":"VERIFY_API"}},{"kind":"Argument","name":{"kind":"Name","value":"ids"},"value":{"kind":"ListValue","values":[{"kind":"StringValue","value":"7b1091b8-1a05-11eb-bad9-38f9d331493","block":false},{"kind":"StringValue","value":"7b109636-1a05-11eb-bad9-38f9d3316493","block":false},{"kind":"StringValue","value":"7b109a1e-1a05-11eb-bad9-38f9d3316493","block":false},{"kind":"StringValue","value":"7b10a0c2-1a05-11eb-bad9-38f9d331649","block":false}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"idsNotFound"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"uuid"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VerifyApiRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"to"}},{"kind":"Field","name":{"kind":"Name","value":"price"}}]}}]}}]}}]}}]} as unknown as DocumentNode<VerificationsByIdsQuery, VerificationsByIdsQueryVariables>;
export const RecordsOfUnknownProductsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"RecordsOfUnknownProducts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"records"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"ids"},"value":{"kind":"ListValue","values":[{"kind":"StringValue","value":"15000000E1F8B123","block":false},{"kind":"StringValue","value":"7b109636-1a05-11eb-bad9-38f9d3316493","block":false}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"uuid"}},{"kind":"Field","name":{"kind":"Name","value":"product"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"totalPrice"}}]}},{"kind":"Field","name":{"kind":"Name","value":"idsNotFound"}}]}}]}}]} as unknown as DocumentNode<RecordsOfUnknownProductsQuery, RecordsOfUnknownProductsQueryVariables>;