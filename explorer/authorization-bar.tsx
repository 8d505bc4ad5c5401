import { type FormEvent, useState } from 'react';
import { toAuthorization } from './authorization.js';

interface AuthorizationBarProps {
  readonly isSet: boolean;
  /** Why the schema cannot be read. */
  readonly problem: string | undefined;
  onChange(authorization: string): void;
}

/** The one place for the Authorization header. It never shows the present value. */
export function AuthorizationBar({ isSet, problem, onChange }: AuthorizationBarProps) {
  const [typed, setTyped] = useState('');
  const [fault, setFault] = useState<string>();
  const change = (authorization: string) => {
    setTyped('');
    setFault(undefined);
    onChange(authorization);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const authorization = toAuthorization(typed);
    if (authorization !== undefined) change(authorization);
    else setFault('A header can hold the letters, digits and signs of ASCII only.');
  };
  const message = fault ?? problem;
  return (
    <header className="authorization-bar">
      <form onSubmit={submit}>
        <label htmlFor="authorization">Authorization</label>
        <input
          id="authorization"
          type="password"
          autoComplete="off"
          placeholder={isSet ? 'in use in all tabs' : 'token for all tabs'}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
        <button type="submit" disabled={typed.trim() === ''}>
          Use
        </button>
        <button type="button" disabled={!isSet} onClick={() => change('')}>
          Clear
        </button>
      </form>
      {message !== undefined && <p role="alert">{message}</p>}
    </header>
  );
}
