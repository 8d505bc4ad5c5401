
      export interface PossibleTypesResultData {
        possibleTypes: {
          [key: string]: string[]
        }
      }
      const result: PossibleTypesResultData = {
  "possibleTypes": {
    "CallEvent": [
      "AmdRecord",
      "AsrRecord",
      "VoiceTtsRecord",
      "WebSocketCallRecord"
    ],
    "ConversationRecord": [
      "ConversationEventRecord",
      "ConversationMessageRecord",
      "ConversationsRecord"
    ],
    "InsightRecord": [
      "NumberInsightRecord",
      "NumberInsightV2Record"
    ],
    "MessagesRecord": [
      "MessagesInboundRecord",
      "MessagesOutboundRecord"
    ],
    "Node": [
      "AmdRecord",
      "AsrRecord",
      "ConversationEventRecord",
      "ConversationMessageRecord",
      "ConversationsRecord",
      "GenericRecord",
      "InAppVoiceRecord",
      "MessagesInboundRecord",
      "MessagesOutboundRecord",
      "NetworkApiEventRecord",
      "NumberInsightRecord",
      "NumberInsightV2Record",
      "ReportsUsageRecord",
      "SmsInboundRecord",
      "SmsOutboundRecord",
      "SmsTrafficControlRecord",
      "VerifyApiRecord",
      "VerifyV2Record",
      "VideoApiRecord",
      "VoiceCallRecord",
      "VoiceFailedRecord",
      "VoiceTtsRecord",
      "WebSocketCallRecord"
    ],
    "SmsRecord": [
      "SmsInboundRecord",
      "SmsOutboundRecord"
    ],
    "VerifyRecord": [
      "VerifyApiRecord",
      "VerifyV2Record"
    ],
    "VoiceRecord": [
      "AmdRecord",
      "AsrRecord",
      "InAppVoiceRecord",
      "VoiceCallRecord",
      "VoiceFailedRecord",
      "VoiceTtsRecord",
      "WebSocketCallRecord"
    ],
    "VonageRecord": [
      "AmdRecord",
      "AsrRecord",
      "ConversationEventRecord",
      "ConversationMessageRecord",
      "ConversationsRecord",
      "GenericRecord",
      "InAppVoiceRecord",
      "MessagesInboundRecord",
      "MessagesOutboundRecord",
      "NetworkApiEventRecord",
      "NumberInsightRecord",
      "NumberInsightV2Record",
      "ReportsUsageRecord",
      "SmsInboundRecord",
      "SmsOutboundRecord",
      "SmsTrafficControlRecord",
      "VerifyApiRecord",
      "VerifyV2Record",
      "VideoApiRecord",
      "VoiceCallRecord",
      "VoiceFailedRecord",
      "VoiceTtsRecord",
      "WebSocketCallRecord"
    ]
  }
};
      export default result;
    