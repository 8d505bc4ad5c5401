import { Direction, Product } from '../catalogue/product.js';
import type { WireRow } from '../records/base.js';

/** A row and where Vonage keeps it. */
export interface SimulatedRow {
  readonly product: Product;
  readonly direction: Direction | null;
  readonly row: WireRow;
}

/** The account of Vonage's own samples. */
export const sampleAccountId = 'abcd1234';

/** The SMS of the vendor's "records by UUID" sample, value for value. */
const sampleSms = {
  account_id: sampleAccountId,
  message_id: '15000000E1F8B123',
  client_ref: null,
  direction: 'outbound',
  from: 'Vonage APIs',
  to: '447700123456',
  network: '23410',
  network_name: 'Telefonica UK Limited',
  country: 'GB',
  country_name: 'United Kingdom',
  date_received: '2020-06-01T15:08:10+0000',
  date_finalized: '2020-06-01T15:08:11+0000',
  latency: '1366',
  status: 'delivered',
  error_code: '0',
  error_code_description: 'Delivered',
  currency: 'EUR',
  total_price: '0.03330000',
};

/** The two of the sample's four verification ids that exist; the other two are what it shows as not found. */
const sampleVerifications = [
  '7b109636-1a05-11eb-bad9-38f9d3316493',
  '7b109a1e-1a05-11eb-bad9-38f9d3316493',
].map((requestId, index) => ({
  account_id: sampleAccountId,
  request_id: requestId,
  from: 'Acme',
  to: `4477001234${index}0`,
  country: 'GB',
  country_name: 'United Kingdom',
  network: '23410',
  network_name: 'Telefonica UK Limited',
  number_type: 'MOBILE',
  locale: 'en-gb',
  date_received: '2020-10-29T15:08:10+0000',
  first_event_date: '2020-10-29T15:08:10+0000',
  last_event_date: '2020-10-29T15:08:10+0000',
  date_finalized: '2020-10-29T15:08:42+0000',
  status: 'SUCCESS',
  sms_event_count: '1',
  tts_event_count: '0',
  sms_price: '0.03330000',
  tts_price: '',
  price: '0.05000000',
  estimated_price: '0.05000000',
  currency: 'EUR',
}));

/** Rows that hold the vendor's sample values. */
export const sampleRows: readonly SimulatedRow[] = [
  { product: Product.SMS, direction: Direction.OUTBOUND, row: sampleSms },
  ...sampleVerifications.map((row) => ({ product: Product.VERIFY_API, direction: null, row })),
];
