import { useState } from 'preact/hooks';
import { quantity, splitIds } from '../src/records-client/text.js';
import type { Fields } from './fields.js';
import type { Question } from './lookups.js';

interface QuestionFormProps {
  readonly fields: Fields;
  readonly isWorking: boolean;
  onSubmit(question: Question): void;
}

/** Asks for ids, or for a product and a window of time. */
export function QuestionForm({ fields, isWorking, onSubmit }: QuestionFormProps) {
  const [kind, setKind] = useState<Question['kind']>('ids');
  const [text, setText] = useState('');
  const [product, setProduct] = useState('');
  const [direction, setDirection] = useState('');
  const [since, setSince] = useState('');
  const [until, setUntil] = useState('');
  const ids = [...new Set(splitIds(text))];
  const isReady = kind === 'ids' ? ids.length > 0 : product !== '' && since !== '';
  const submit = (event: Event) => {
    event.preventDefault();
    if (kind === 'ids') return onSubmit({ kind, ids, product, direction });
    return onSubmit({ kind, product, direction, since: inUtc(since), until: inUtc(until) });
  };
  return (
    <form onSubmit={submit}>
      <fieldset class="modes">
        <legend>Find records</legend>
        <Mode kind="ids" chosen={kind} label="by id" onChoose={setKind} />
        <Mode kind="dates" chosen={kind} label="by date" onChoose={setKind} />
      </fieldset>
      {kind === 'ids' && (
        <div class="ids">
          <label for="ids">Ids, between blanks, commas or line breaks</label>
          <textarea
            id="ids"
            rows={6}
            spellcheck={false}
            value={text}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </div>
      )}
      <div class="options">
        <Choice
          label="Product"
          value={product}
          names={fields.products}
          none={kind === 'ids' ? 'any product' : 'choose a product'}
          onChange={setProduct}
        />
        <Choice
          label="Direction"
          value={direction}
          names={['OUTBOUND', 'INBOUND']}
          none="not given"
          onChange={setDirection}
        />
        {kind === 'dates' && <Moment label="From (UTC)" value={since} onChange={setSince} />}
        {kind === 'dates' && <Moment label="Until (UTC)" value={until} onChange={setUntil} />}
        <button type="submit" class="primary" disabled={!isReady || isWorking}>
          {kind === 'ids' ? `Look up ${quantity(ids.length, 'id')}` : 'List records'}
        </button>
      </div>
    </form>
  );
}

/** The moment of a field without a zone, as a time in UTC; empty where there is none. */
function inUtc(moment: string): string {
  return moment === '' ? '' : new Date(`${moment}Z`).toISOString();
}

interface ModeProps {
  readonly kind: Question['kind'];
  readonly chosen: Question['kind'];
  readonly label: string;
  onChoose(kind: Question['kind']): void;
}

function Mode({ kind, chosen, label, onChoose }: ModeProps) {
  return (
    <label>
      <input type="radio" name="mode" checked={kind === chosen} onChange={() => onChoose(kind)} />
      {label}
    </label>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly names: readonly string[];
  /** Text of the choice that names nothing. */
  readonly none: string;
  onChange(name: string): void;
}

function Choice({ label, value, names, none, onChange }: ChoiceProps) {
  return (
    <label>
      {label}
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        <option value="">{none}</option>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

interface MomentProps {
  readonly label: string;
  readonly value: string;
  onChange(moment: string): void;
}

function Moment({ label, value, onChange }: MomentProps) {
  return (
    <label>
      {label}
      <input
        type="datetime-local"
        value={value}
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
    </label>
  );
}
