import { csrfField } from '../csrf.js';
import { html, type Html } from './html.js';

/** One input of a form. */
export interface InputView {
  readonly name: string;
  readonly label: string;
  readonly type?: 'text' | 'password' | 'email';
  /** What the browser may fill in, such as `current-password`. */
  readonly autocomplete: string;
  readonly hint?: string;
  readonly value?: string | undefined;
  readonly numeric?: boolean;
}

/** A form and what stands around it. */
export interface FormView {
  readonly title: string;
  readonly action: string;
  readonly submit: string;
  readonly inputs: readonly InputView[];
  readonly hidden?: Readonly<Record<string, string>>;
  readonly before?: Html;
  readonly after?: Html;
}

/** The form with its token; a fault is announced to screen readers and stands above it. */
export function formHtml(form: FormView, token: string, fault?: string): Html {
  return html`${fault !== undefined && html`<p class="fault" role="alert">${fault}</p>`} ${form.before}
    <form method="post" action="${form.action}">
      ${hiddenInput(csrfField, token)}
      ${Object.entries(form.hidden ?? {}).map(([name, value]) => hiddenInput(name, value))}
      ${form.inputs.map(inputHtml)}
      <button type="submit">${form.submit}</button>
    </form>
    ${form.after}`;
}

function hiddenInput(name: string, value: string): Html {
  return html`<input type="hidden" name="${name}" value="${value}" />`;
}

function inputHtml(input: InputView): Html {
  const hintId = `${input.name}-hint`;
  const hint = input.hint !== undefined && html`<p class="hint" id="${hintId}">${input.hint}</p>`;
  const describedBy = input.hint !== undefined && html` aria-describedby="${hintId}"`;
  const numeric = input.numeric && html` inputmode="numeric" pattern="[0-9]{3} ?[0-9]{3}" maxlength="7"`;
  const value = input.value !== undefined && html` value="${input.value}"`;
  return html`<label for="${input.name}">${input.label}</label>
    <input
      id="${input.name}"
      name="${input.name}"
      type="${input.type ?? 'text'}"
      autocomplete="${input.autocomplete}"
      required${describedBy}${numeric}${value}
    />
    ${hint}`;
}
