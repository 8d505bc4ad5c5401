/** The smallest typed client: one lookup with typed variables and a typed response. */
import { request } from 'graphql-request';
import { SmsDeliveryDocument } from './generated/operations.js';

const url = process.argv[2] ?? process.env.GATEWAY_URL ?? 'http://127.0.0.1:4000/graphql';
const { record } = await request(url, SmsDeliveryDocument, { id: '15000000E1F8B123' });

// Only the SMS type has these fields, so the compiler insists on the check.
if (record && 'status' in record) {
  console.log(`${record.status} to ${record.to} on ${record.networkName}`);
  console.log(`for ${record.totalPrice} ${record.currency}`);
}
