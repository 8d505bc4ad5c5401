import { useState } from 'preact/hooks';
import { sessionToken } from './gateway.js';

/** Where the caller types its token, once for the tab. */
export function TokenField() {
  const [token, setToken] = useState(sessionToken.get());
  const change = (text: string) => {
    setToken(text);
    sessionToken.set(text.trim());
  };
  return (
    <div class="token">
      <label for="token">Token</label>
      <input
        id="token"
        type="password"
        autocomplete="off"
        placeholder="if the gateway needs one"
        value={token}
        onInput={({ currentTarget }) => change(currentTarget.value)}
      />
      <button type="button" disabled={token === ''} onClick={() => change('')}>
        Forget
      </button>
    </div>
  );
}
