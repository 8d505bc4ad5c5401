import { RecordType, UsageRecord } from '../base.js';

@RecordType(
  'A usage record of a product whose fields Vonage does not publish: everything it holds is in `raw`.',
)
export class GenericRecord extends UsageRecord {}
