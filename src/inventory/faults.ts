import { InputError, InputErrors } from '../model/errors.js';

/** Collects what is wrong with an input, so that a person learns of all of it at once. */
export class Faults {
  readonly #errors = new Map<string, InputError>();

  /** Adds a fault; the same words about the same place count once. */
  add(error: InputError): void {
    const { file = '', line = 0, column = 0 } = error.where ?? {};
    this.#errors.set(JSON.stringify([file, line, column, error.message]), error);
  }

  /** Adds what was thrown where it is a fault of the input; rethrows everything else. */
  addThrown(thrown: unknown): void {
    if (thrown instanceof InputErrors) for (const error of thrown.errors) this.add(error);
    else if (thrown instanceof InputError) this.add(thrown);
    else throw thrown;
  }

  /** Runs a part whose faults must not hide those of the next. Undefined where it failed. */
  async attempt<T>(part: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await part();
    } catch (thrown) {
      this.addThrown(thrown);
      return undefined;
    }
  }

  /** Throws all faults together as InputErrors, where there are any. */
  throwIfAny(): void {
    if (this.#errors.size > 0) throw new InputErrors([...this.#errors.values()]);
  }
}
