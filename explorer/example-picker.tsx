import { useEditorContext } from '@graphiql/react';
import { useEffect, useState } from 'react';

export interface ExampleOperation {
  readonly name: string;
  readonly document: string;
}

/** Lists all examples by what they do, in words. GraphiQL's tabs show a few names at a time. */
export function ExamplePicker({ examples }: { readonly examples: readonly ExampleOperation[] }) {
  const { tabs, activeTabIndex, addTab, changeTab, queryEditor } = useEditorContext({ nonNull: true });
  const [added, setAdded] = useState<string>();
  // Examples are wider than a narrow window.
  useEffect(() => queryEditor?.setOption('lineWrapping', true), [queryEditor]);
  useEffect(() => {
    if (added === undefined || tabs[activeTabIndex]?.query) return;
    queryEditor?.setValue(added);
    setAdded(undefined);
  }, [added, tabs, activeTabIndex, queryEditor]);
  const open = (document: string) => {
    const index = tabs.findIndex(({ title }) => title === operationNameOf(document));
    if (index >= 0) changeTab(index);
    else {
      addTab();
      setAdded(document);
    }
  };
  return (
    <select
      aria-label="Examples"
      className="example-picker"
      value=""
      onChange={({ target }) => open(target.value)}
    >
      <option value="">Examples</option>
      {examples.map(({ name, document }) => (
        <option key={name} value={document}>
          {summaryOf(document)}
        </option>
      ))}
    </select>
  );
}

/** The first line of an example is a comment that says what it does. */
function summaryOf(document: string): string {
  const [line = ''] = document.split('\n');
  return line.replace(/^#\s*/, '');
}

function operationNameOf(document: string): string | undefined {
  return /^query (\w+)/m.exec(document)?.[1];
}
