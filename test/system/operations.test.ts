import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type DocumentNode,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isUnionType,
  parse,
  print,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { readExampleOperations } from '../../src/http/pages.js';
import * as documents from '../support/generated/operations.js';
import { startTestGateway } from '../support/start-gateway.js';

const text = expect.any(String);
const number = expect.any(Number);
const globalId = expect.stringMatching(/^vr1_[\w-]+$/);
const found = { id: globalId };
const notFound = { outcome: 'NOT_FOUND', records: [] };

/** What each operation's comment says that it shows; a new operation needs an entry. */
const promises: Readonly<Record<string, readonly [document: DocumentNode, promised: object]>> = {
  '01-sms-by-id': [documents.SmsByIdDocument, { record: { ...found, status: 'DELIVERED' } }],
  '02-verifications-by-ids': [
    documents.VerificationsByIdsDocument,
    {
      records: {
        idsNotFound: [text, text],
        results: [notFound, resultWith(found), resultWith(found), notFound],
      },
    },
  ],
  '03-records-of-unknown-products': [
    documents.RecordsOfUnknownProductsDocument,
    { records: { results: [resultWith({ product: 'SMS' }), resultWith({ product: 'VERIFY_API' })] } },
  ],
  '04-texts-of-messages': [
    documents.TextsOfMessagesDocument,
    { sms: { from: text, messageBody: text }, message: { from: text, messageBody: text } },
  ],
  '05-calls-with-their-events': [
    documents.CallsWithTheirEventsDocument,
    {
      records: {
        results: [
          resultWith({
            duration: number,
            events: expect.arrayContaining(eventsOf('Asr', 'Amd', 'WebSocketCall', 'VoiceTts')),
          }),
          resultWith({ duration: number, events: expect.arrayContaining(eventsOf('Asr')) }),
          resultWith({ duration: number, events: [] }),
        ],
      },
    },
  ],
  '06-voice-records-of-any-kind': [
    documents.VoiceRecordsOfAnyKindDocument,
    {
      failed: { ...found, statusCode: text },
      spoken: { ...found, duration: number },
      inApp: { ...found, conversationId: text },
    },
  ],
  '07-call-events-with-their-call': [
    documents.CallEventsWithTheirCallDocument,
    {
      speech: { asrType: text, call: { from: text, to: text } },
      detection: { amdDetectionResult: text, call: found },
      webSocket: { duration: number, call: found },
      spoken: { duration: number, call: found },
    },
  ],
  '08-verification-with-its-parent': [
    documents.VerificationWithItsParentDocument,
    { verifyRecord: { channel: 'EMAIL', parent: { ...found, requestId: text } } },
  ],
  '09-number-insights': [
    documents.NumberInsightsDocument,
    { number: { ...found, networkName: text }, fraud: { ...found, risk: text } },
  ],
  '10-conversations': [
    documents.ConversationsDocument,
    {
      event: { conversationId: text, userId: text },
      message: { conversationId: text, otherIds: expect.any(Object) },
      older: { conversationId: text, duration: number },
    },
  ],
  '11-video-use': [documents.VideoUseDocument, { record: { featureName: text, sessionId: text } }],
  '12-network-api-event': [documents.NetworkApiEventDocument, { record: { msisdn: text, status: text } }],
  '13-reports-usage': [
    documents.ReportsUsageDocument,
    { record: { jobType: text, itemsWritten: number, requestParams: expect.any(Object) } },
  ],
  '14-queued-sms-with-its-message': [
    documents.QueuedSmsWithItsMessageDocument,
    {
      records: {
        results: [
          { requestedId: 'A631EE076B49EA96', outcome: 'FOUND', records: expect.arrayContaining(queueRows()) },
        ],
      },
    },
  ],
  '15-every-record-of-an-id': [
    documents.EveryRecordOfAnIdDocument,
    {
      records: {
        results: [
          { outcome: 'FOUND', records: [{ product: 'SMS' }], error: null },
          { outcome: 'FOUND', records: expect.arrayContaining(verifyRows('V2', 'EMAIL', 'SILENT_AUTH')) },
        ],
      },
    },
  ],
  '16-nodes-by-global-ids': [
    documents.NodesByGlobalIdsDocument,
    {
      node: { ...found, networkName: text },
      nodes: [{ __typename: 'VoiceCallRecord' }, { __typename: 'VerifyApiRecord' }],
    },
  ],
  '17-generic-and-unknown-records': [
    documents.GenericAndUnknownRecordsDocument,
    { generic: { ...found, raw: { currency: text } }, unknown: null },
  ],
  '18-a-day-of-sms': [
    documents.DayOfSmsDocument,
    {
      recordsByDate: {
        edges: expect.arrayContaining([
          { cursor: text, node: expect.objectContaining({ ...found, to: text }) },
        ]),
      },
    },
  ],
  '19-the-next-part-of-a-list': [
    documents.NextPartOfCallsDocument,
    {
      recordsByDate: {
        nodes: expect.arrayContaining([expect.objectContaining({ ...found, duration: number })]),
        pageInfo: { hasNextPage: true, endCursor: text },
      },
    },
  ],
  '20-a-filtered-list': [
    documents.VerificationsOfCountryDocument,
    {
      recordsByDate: {
        nodes: expect.arrayContaining([expect.objectContaining({ ...found, country: 'GB' })]),
      },
    },
  ],
};

const examples = readExampleOperations();

test('every operation has its promise, and its typed document says the same', () => {
  expect(examples.map(({ name }) => name)).toEqual(Object.keys(promises));
  expect(examples.map(({ document }) => print(parse(document)))).toEqual(
    Object.values(promises).map(([document]) => print(document)),
  );
});

test.each(examples)('$name answers as promised, for no more calls than it says', async (example) => {
  const [, promised = {}] = promises[example.name] ?? [];
  await using gateway = await startTestGateway({ simulator: { refusedProducts: [] } });
  const { data, errors } = await gateway.ask(example.document);

  expect(errors).toEqual([]);
  expect(data).toMatchObject(promised);
  expect(gateway.simulator.log.calls.length).toBeLessThanOrEqual(callsSaidIn(example.document));
});

test('a lookup in a family leaves out the product that Vonage refuses, without an error', async () => {
  await using gateway = await startTestGateway();
  const { data, errors } = await gateway.ask(documents.NumberInsightsDocument);
  expect(errors).toEqual([]);
  expect(data).toMatchObject({ number: found, fraud: null });
});

test('every selection of a union begins with the fields that all record types share', () => {
  const schema = buildSchema(readFileSync('schema/schema.graphql', 'utf8'));
  const typeInfo = new TypeInfo(schema);
  const firstSelections: string[] = [];
  const visitor = visitWithTypeInfo(typeInfo, {
    SelectionSet({ selections: [first] }) {
      if (isUnionType(typeInfo.getParentType()) && first) firstSelections.push(print(first));
    },
  });
  for (const { document } of examples) visit(parse(document), visitor);
  expect(firstSelections.length).toBeGreaterThan(10);
  expect(firstSelections.filter((each) => !each.startsWith('... on VonageRecord {'))).toEqual([]);
});

test('every lookup, every record type and every edge has an operation that shows it', () => {
  const { all, shown } = reach(examples.map(({ document }) => parse(document)));
  expect([...all].filter((name) => !shown.has(name))).toEqual([]);
});

test('typed documents know what was selected', async () => {
  await using gateway = await startTestGateway();
  const { data } = await gateway.ask(documents.VerificationWithItsParentDocument);
  const verification = data.verifyRecord;
  if (!verification || !('parent' in verification)) throw new Error('The verification was not found');
  const price: string | null | undefined = verification.parent?.totalPrice;
  // @ts-expect-error -- The operation does not select it.
  expect(verification.parent?.currency).toBeUndefined();
  expect(price).toMatch(/^\d+\.\d+$/);
});

function resultWith(record: object) {
  return { outcome: 'FOUND', records: [record] };
}

function eventsOf(...kinds: string[]) {
  return kinds.map((kind) => expect.objectContaining({ __typename: `${kind}Record`, id: globalId }));
}

function queueRows() {
  return ['queued', 'dequeued'].map((vonageStatus) =>
    expect.objectContaining({ vonageStatus, message: expect.objectContaining({ id: globalId, to: text }) }),
  );
}

function verifyRows(...channels: string[]) {
  return channels.map((channel) => expect.objectContaining({ channel, product: 'VERIFY_V2' }));
}

function callsSaidIn(document: string): number {
  const [, calls] = /^#.* (\d+) calls?\.$/m.exec(document) ?? [];
  if (!calls) throw new Error(`Does not say what it costs: ${document}`);
  return Number(calls);
}

/** Names of all that can be shown, and of what the documents show: lookups, record types and edges. */
function reach(operations: readonly DocumentNode[]) {
  const schema = buildSchema(readFileSync('schema/schema.graphql', 'utf8'));
  const record = schema.getType('VonageRecord');
  if (!isInterfaceType(record)) throw new Error('The schema has no VonageRecord');
  const types = schema.getPossibleTypes(record);
  const edges = [schema.getQueryType(), ...types].flatMap((type) =>
    Object.values(type?.getFields() ?? {})
      .filter((field) => isCompositeType(getNamedType(field.type)))
      .map((field) => `${type}.${field.name}`),
  );
  const shown = new Set<string>();
  const typeInfo = new TypeInfo(schema);
  const visitor = visitWithTypeInfo(typeInfo, {
    enter(node) {
      if (node.kind === 'Field') shown.add(`${typeInfo.getParentType()}.${node.name.value}`);
      if (node.kind === 'InlineFragment') shown.add(String(node.typeCondition?.name.value));
    },
  });
  for (const operation of operations) visit(operation, visitor);
  return { all: new Set([...types.map(String), ...edges]), shown };
}
