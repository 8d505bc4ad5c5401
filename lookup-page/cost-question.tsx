import { count, quantity } from '../src/records-client/text.js';
import type { Cost, Question } from './lookups.js';

interface CostQuestionProps {
  readonly question: Question;
  readonly cost: Cost;
  onAccept(): void;
  onCancel(): void;
}

/** Tells what a question may cost, before it costs anything. */
export function CostQuestion({ question, cost, onAccept, onCancel }: CostQuestionProps) {
  return (
    <section class="cost" aria-label="What this may cost">
      <p>{question.kind === 'ids' ? textOfIds(cost) : textOfPage(cost)}</p>
      <button type="button" class="primary" onClick={onAccept}>
        Go on
      </button>
      <button type="button" onClick={onCancel}>
        Cancel
      </button>
    </section>
  );
}

function textOfIds({ ids = 0, callsAtMost, cached = 0 }: Cost): string {
  if (callsAtMost === undefined) return `${quantity(ids, 'id')}. Your token does not tell what they cost.`;
  const calls = quantity(callsAtMost, 'call');
  const billed = quantity(ids - cached, 'billed record');
  return `${quantity(ids, 'id')}: at most ${calls} to Vonage, and ${billed} if each id has one. The cache holds ${count(cached)} of them at no cost.`;
}

function textOfPage({ recordsAtMost }: Cost): string {
  if (recordsAtMost === 0) return 'The first page was bought in the last ten minutes and costs nothing.';
  return 'Vonage sells pages of up to 1,000 records: the first page is billed whole. The rows of a bought page stay free for ten minutes.';
}
