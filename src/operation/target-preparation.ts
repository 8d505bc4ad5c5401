import type { Principal } from '../access/principal.js';
import type { SelectedContent } from '../retrieval/lookup/lanes.js';
import type { Lookup, PreparedScope } from '../retrieval/lookup/lookup.js';
import type { RecordEngine } from '../retrieval/record-engine.js';
import { authorize } from './authorize.js';
import type { OperationOptions, Target, TargetScope } from './operation-service.js';

/** A lookup and the engine that finds it. */
interface EngineLookup {
  readonly engine: RecordEngine;
  readonly lookup: Lookup;
}

/** The engine and the lanes of one scope. */
interface EngineScope {
  readonly engine: RecordEngine;
  readonly prepared: PreparedScope;
  readonly content: SelectedContent;
}

/** Authorizes what a field asks for and prepares its lookups. The ids of a field share their scope, which is prepared once. */
export class TargetPreparation {
  readonly #principal: Principal;
  readonly #engineOf: OperationOptions['engineOf'];
  readonly #scopes = new WeakMap<TargetScope, EngineScope>();

  constructor(principal: Principal, { engineOf }: OperationOptions) {
    this.#principal = principal;
    this.#engineOf = engineOf;
  }

  /** Throws FORBIDDEN for what the caller may not read, and BAD_USER_INPUT for an account without a key. */
  prepare({ id, scope }: Target, content: SelectedContent): EngineLookup {
    const known = this.#scopes.get(scope);
    const { engine, prepared } = known?.content === content ? known : this.#prepareScope(scope, content);
    return { engine, lookup: engine.store.lookup(id, prepared) };
  }

  #prepareScope(scope: TargetScope, content: SelectedContent): EngineScope {
    const products = authorize(scope, this.#principal);
    const engine = this.#engineOf(scope.accountId, this.#principal);
    const engineScope = { engine, prepared: engine.store.scope({ ...scope, products, content }), content };
    this.#scopes.set(scope, engineScope);
    return engineScope;
  }
}
