import { GraphiQL } from 'graphiql';
import { useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { createFetcher, keepAuthorization, readAuthorization } from './authorization.js';
import { AuthorizationBar } from './authorization-bar.js';
import { type ExampleOperation, ExamplePicker } from './example-picker.js';
import 'graphiql/style.css';
import './explorer.css';

function Explorer({ examples }: { readonly examples: readonly ExampleOperation[] }) {
  const [authorization, setAuthorization] = useState(readAuthorization);
  const [problem, setProblem] = useState<string>();
  // A new fetcher makes GraphiQL read the schema again.
  const fetcher = useMemo(() => createFetcher(authorization, setProblem), [authorization]);
  const tabs = useMemo(() => examples.map(({ document: query }) => ({ query })), [examples]);
  const change = (value: string) => {
    keepAuthorization(value);
    setAuthorization(value);
  };
  return (
    <>
      <AuthorizationBar isSet={authorization !== ''} problem={problem} onChange={change} />
      {/* Headers are not kept: GraphiQL would keep them beyond the session. */}
      <GraphiQL fetcher={fetcher} defaultTabs={tabs} defaultQuery="" shouldPersistHeaders={false}>
        <GraphiQL.Logo>
          <ExamplePicker examples={examples} />
        </GraphiQL.Logo>
      </GraphiQL>
    </>
  );
}

/** Opens one tab for each documented operation. GraphiQL restores the tabs of an earlier visit first. */
async function open(): Promise<void> {
  const response = await fetch('/explorer/operations.json');
  const examples: readonly ExampleOperation[] = await response.json();
  const container = document.getElementById('explorer');
  if (!container) throw new Error('The page has no place for the explorer');
  createRoot(container).render(<Explorer examples={examples} />);
}

void open();
