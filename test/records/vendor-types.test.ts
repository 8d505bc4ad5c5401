import { fileURLToPath } from 'node:url';
import {
  Direction,
  MessageProvider,
  MessageStatus,
  SMSStatus,
  VerifyChannel,
  VoiceStatus,
} from '@vonage/reports';
import { type GraphQLSchema, getNamedType, isEnumType, isLeafType, isObjectType } from 'graphql';
import ts from 'typescript';
import { buildGatewaySchema } from '../../src/graphql/schema.js';
import { UNRECOGNIZED } from '../../src/records/base.js';
import { recordTypes } from '../../src/records/record-types.js';

/** Our record type for each one that Vonage's own SDK declares. */
const ourTypes: Readonly<Record<string, string>> = {
  SMSOutboundRecord: 'SmsOutboundRecord',
  SMSInboundRecord: 'SmsInboundRecord',
  SMSTrafficControlRecord: 'SmsTrafficControlRecord',
  VoiceCallRecord: 'VoiceCallRecord',
  VoiceFailedRecord: 'VoiceFailedRecord',
  VoiceTTSRecord: 'VoiceTtsRecord',
  InAppVoiceRecord: 'InAppVoiceRecord',
  VoiceWebSocketRecord: 'WebSocketCallRecord',
  VoiceASRRecord: 'AsrRecord',
  VoiceAMDRecord: 'AmdRecord',
  VerifyAPIRecord: 'VerifyApiRecord',
  VerifyV2Record: 'VerifyV2Record',
  NumberInsightRecord: 'NumberInsightRecord',
  MessageOutboundRecord: 'MessagesOutboundRecord',
  MessageInboundRecord: 'MessagesInboundRecord',
  ConversationEventRecord: 'ConversationEventRecord',
  ConversationMessageRecord: 'ConversationMessageRecord',
  VideoAPIRecord: 'VideoApiRecord',
  NetworkAPIEventRecord: 'NetworkApiEventRecord',
  ReportUsageRecord: 'ReportsUsageRecord',
};

const vendorTypesThatAreNoRecords = [
  // All record types at once.
  'AnyRecord',
  // `id` and `accountId`, which every record type takes in.
  'RecordCommon',
  // `network` and `networkName`, which no record type takes in.
  'NetworkRecord',
];

const typesUnknownToTheVendor = [
  // Only the .NET SDK lists the product.
  'NumberInsightV2Record',
  // Deprecated before this SDK was written; older specifications describe it.
  'ConversationsRecord',
  // For products without published fields.
  'GenericRecord',
];

/** Vendor names that we spell differently. */
const renamed: Readonly<Record<string, string>> = {
  // `id` is the global id of a record; the identifier of the usage row is another thing.
  id: 'rowId',
  // The newest interface description names it after the wire; the gateway reads both spellings.
  requestProduct: 'requestedProduct',
  // Not a word.
  acc: 'callerAccountId',
};

const fieldsUnknownToTheVendor: Readonly<Record<string, readonly string[]>> = {
  // The SDK's own filters and every sample have them.
  SmsOutboundRecord: ['from', 'to'],
  // A filter of the SDK, a field of both specifications and of real rows.
  MessagesOutboundRecord: ['status'],
  // New in version 3.1.4 of the interface description.
  VoiceTtsRecord: ['callId', 'conversationId', 'ttsLevel'],
};

const vendorEnums = {
  TrafficDirection: Direction,
  SmsStatus: SMSStatus,
  VoiceStatus,
  VerifyChannel,
  MessagesStatus: MessageStatus,
  MessagesProvider: MessageProvider,
};

const declarations = fileURLToPath(
  new URL('../../node_modules/@vonage/reports/dist/cjs/types/records/index.d.ts', import.meta.url),
);
const vendorTypes = readVendorTypes(declarations);
const vendorRecords = [...vendorTypes].filter(([name]) => !vendorTypesThatAreNoRecords.includes(name));

let schema: GraphQLSchema;

beforeAll(async () => {
  schema = await buildGatewaySchema();
});

test('every record type of the Vonage SDK has one of ours', () => {
  const ours = recordTypes.map((each) => each.recordClass.name);
  expect(vendorRecords.map(([name]) => name).toSorted()).toEqual(Object.keys(ourTypes).toSorted());
  expect([...Object.values(ourTypes), ...typesUnknownToTheVendor].toSorted()).toEqual(ours.toSorted());
});

test.each(vendorRecords)('%s of the Vonage SDK has no field that ours lacks', (name, vendorFields) => {
  const ours = fieldNames(ourType(name));
  expect(vendorFields).toContain('accountId');
  expect(vendorFields.map(ourName).filter((each) => !ours.includes(each))).toEqual([]);
});

test.each(vendorRecords)(
  '%s of the Vonage SDK lacks only fields that another source has',
  (name, vendorFields) => {
    const known = [...vendorFields.map(ourName), ...fieldNames('GenericRecord')];
    const others = fieldNames(ourType(name)).filter((each) => !known.includes(each));
    expect(others).toEqual(fieldsUnknownToTheVendor[ourType(name)] ?? []);
  },
);

test.each(Object.entries(vendorEnums))(
  '%s has the values that the Vonage SDK gives it',
  (name, vendorEnum) => {
    const type = schema.getType(name);
    const ours = isEnumType(type) ? type.getValues().map((each) => String(each.value)) : [];
    expect(ours.filter((each) => each !== UNRECOGNIZED).toSorted()).toEqual(
      Object.values(vendorEnum).toSorted(),
    );
  },
);

function ourType(vendorName: string): string {
  return ourTypes[vendorName] ?? vendorName;
}

function ourName(vendorField: string): string {
  return renamed[vendorField] ?? vendorField;
}

/** The fields of one of our types that hold values; those that lead to other records are not Vonage's. */
function fieldNames(typeName: string): string[] {
  const type = schema.getType(typeName);
  if (!isObjectType(type)) throw new Error(`Expected an object type named ${typeName}`);
  const fields = Object.values(type.getFields());
  return fields.filter((each) => isLeafType(getNamedType(each.type))).map((each) => each.name);
}

/** The types that a declaration file exports, with the names of all their properties. */
function readVendorTypes(file: string): ReadonlyMap<string, readonly string[]> {
  const program = ts.createProgram([file], { noLib: true, types: [] });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error(`Expected a module with type declarations: ${file}`);
  return new Map(checker.getExportsOfModule(module).map((each) => [each.name, propertyNames(each, checker)]));
}

function propertyNames(symbol: ts.Symbol, checker: ts.TypeChecker): readonly string[] {
  const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
  const type = checker.getDeclaredTypeOfSymbol(isAlias ? checker.getAliasedSymbol(symbol) : symbol);
  return checker.getPropertiesOfType(type).map((each) => each.name);
}
