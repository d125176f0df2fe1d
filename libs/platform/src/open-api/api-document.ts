/** A description that is made when it is first asked for, since a start should not wait for it. */
export class ApiDocument {
  #make: () => Promise<object> = () => Promise.reject(new Error('the API is not described'));
  #text: Promise<string> | undefined;

  /** How to make the description; called once at most until it is made anew. */
  keep(make: () => Promise<object>): void {
    this.#make = make;
    this.#text = undefined;
  }

  /** As JSON; rejects with what kept it from being made, and is then tried again. */
  text(): Promise<string> {
    this.#text ??= this.#make().then((document) => JSON.stringify(document));
    this.#text.catch(() => (this.#text = undefined));
    return this.#text;
  }
}
