import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import {
  type DescribedField,
  type Fields,
  type RecordType,
  type TableRecord,
  type TableRow,
  textOf,
} from './fields.js';
import { runOperation } from './gateway.js';

interface RecordDetailsProps {
  readonly row: TableRow;
  readonly fields: Fields;
  onClose(): void;
}

type Values = Readonly<Record<string, unknown>>;

/** What further calls may cost is loaded by a button. */
const edgeSelection = '{ ... on VonageRecord { __typename vonageId occurredAt vonageStatus totalPrice } }';

/** A type that the gateway has got since the page was loaded. */
const unknownType: RecordType = { fields: [], billedFields: [], edges: [] };

/** All fields of one record with their descriptions, in a dialog. */
export function RecordDetails({ row: { record, requestedId }, fields, onClose }: RecordDetailsProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [values, setValues] = useState<Values>({});
  const [message, setMessage] = useState('');
  const type = fields.types[record.__typename] ?? unknownType;
  const load = useCallback(
    (selection: string) =>
      loadFieldsOf(record, selection)
        .then((loaded) => setValues((present) => ({ ...present, ...loaded })))
        .catch((error: Error) => setMessage(error.message)),
    [record],
  );
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => void load(type.fields.map(({ name }) => name).join(' ')), [load, type]);
  const extra = [...type.billedFields, ...type.edges];
  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="record-title">
      <header>
        <h2 id="record-title">{`${record.__typename} ${requestedId}`}</h2>
        <button type="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </header>
      {message !== '' && (
        <p class="error" role="alert">
          {message}
        </p>
      )}
      {extra.length > 0 && (
        <p class="extra">
          {extra.map(({ name }) => (
            <button
              key={name}
              type="button"
              disabled={name in values}
              onClick={() =>
                load(type.edges.some((edge) => edge.name === name) ? `${name} ${edgeSelection}` : name)
              }
            >
              {`Load ${name} (may be billed)`}
            </button>
          ))}
        </p>
      )}
      <FieldList fields={[...extra, ...type.fields].filter(({ name }) => name in values)} values={values} />
    </dialog>
  );
}

function FieldList({
  fields,
  values,
}: {
  readonly fields: readonly DescribedField[];
  readonly values: Values;
}) {
  return (
    <dl>
      {fields.map(({ name, description }) => (
        <div key={name} class={values[name] == null ? 'empty' : ''}>
          <dt>{name}</dt>
          <dd>
            <pre>{textOf(values[name]) || '–'}</pre>
            <p class="description">{description}</p>
          </dd>
        </div>
      ))}
    </dl>
  );
}

async function loadFieldsOf({ id, __typename }: TableRecord, selection: string): Promise<Values> {
  const query = `query Details($id: ID!) { record(id: $id) { ... on ${__typename} { ${selection} } } }`;
  const { data } = await runOperation<{ readonly record: Values | null }>(query, { id });
  if (!data?.record) throw new Error('The record is not there any more.');
  return data.record;
}
