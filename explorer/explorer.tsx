import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import 'graphiql/style.css';
import './explorer.css';

interface ExampleOperation {
  readonly name: string;
  readonly document: string;
}

/** Opens one tab for each documented operation. GraphiQL restores the tabs of an earlier visit first. */
async function open(): Promise<void> {
  const response = await fetch('/explorer/operations.json');
  const examples: readonly ExampleOperation[] = await response.json();
  const container = document.getElementById('explorer');
  if (!container) throw new Error('The page has no place for the explorer');
  const fetcher = createGraphiQLFetcher({ url: '/graphql' });
  const tabs = examples.map(({ document: query }) => ({ query }));
  createRoot(container).render(<GraphiQL fetcher={fetcher} defaultTabs={tabs} />);
}

void open();
