import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { CostQuestion } from './cost-question.js';
import { type Fields, loadFields, type TableRow } from './fields.js';
import { type Cost, costOf, emptyResult, look, type Question, type Result } from './lookups.js';
import { QuestionForm } from './question-form.js';
import { RecordDetails } from './record-details.js';
import { ResultView } from './result-view.js';
import { TokenField } from './token-field.js';
import './page.css';

/** More ids than these, and every list by date, ask first whether they may cost what they may cost. */
const idsWithoutQuestion = 100;

/** What the page is doing. */
type State =
  | { readonly kind: 'idle' | 'working' }
  | { readonly kind: 'asking'; readonly question: Question; readonly cost: Cost }
  | { readonly kind: 'failed'; readonly message: string };

function Page({ fields }: { readonly fields: Fields }) {
  const [state, setState] = useState<State>({ kind: 'idle' });
  const [question, setQuestion] = useState<Question>();
  const [result, setResult] = useState<Result>();
  const [opened, setOpened] = useState<TableRow>();

  /** Shows what goes wrong in place of the work. */
  const attempt = async (work: () => Promise<State>) => {
    setState({ kind: 'working' });
    try {
      setState(await work());
    } catch (error) {
      setState({ kind: 'failed', message: (error as Error).message });
    }
  };
  const run = (asked: Question, before: Result) =>
    attempt(async () => {
      setQuestion(asked);
      await look(asked, fields, before, setResult);
      return { kind: 'idle' };
    });
  const submit = (asked: Question) => {
    setResult(undefined);
    if (asked.kind === 'ids' && asked.ids.length <= idsWithoutQuestion) return run(asked, emptyResult);
    return attempt(async () => ({ kind: 'asking', question: asked, cost: await costOf(asked) }));
  };

  const isWorking = state.kind === 'working';
  return (
    <main>
      <header>
        <h1>Look up usage records</h1>
        <TokenField />
      </header>
      <QuestionForm fields={fields} isWorking={isWorking} onSubmit={submit} />
      <p class="status" role="status">
        {isWorking && (result ? `${result.asked} done …` : 'Working …')}
      </p>
      {state.kind === 'failed' && (
        <p class="error" role="alert">
          {state.message}
        </p>
      )}
      {state.kind === 'asking' && (
        <CostQuestion
          question={state.question}
          cost={state.cost}
          onAccept={() => run(state.question, emptyResult)}
          onCancel={() => setState({ kind: 'idle' })}
        />
      )}
      {result && <ResultView result={result} fields={fields} onOpen={setOpened} />}
      {result?.after && question && (
        <button type="button" disabled={isWorking} onClick={() => run(question, result)}>
          Load more
        </button>
      )}
      {opened && <RecordDetails row={opened} fields={fields} onClose={() => setOpened(undefined)} />}
    </main>
  );
}

/** The page as soon as the fields are there. */
function LoadingPage() {
  const [fields, setFields] = useState<Fields>();
  useEffect(() => void loadFields().then(setFields), []);
  return fields ? <Page fields={fields} /> : <p role="status">Loading …</p>;
}

const container = document.getElementById('page');
if (container) render(<LoadingPage />, container);
