/** A page that a {@link Browser} has come to. */
export interface BrowserPage {
  readonly status: number;
  /** Path and query where it ended up. */
  readonly path: string;
  readonly html: string;
  readonly headers: Headers;
}

const redirectsMax = 5;

/** Just enough of a browser: keeps cookies, follows redirects, fills in the one form of a page with its hidden fields. */
export class Browser {
  readonly cookies = new Map<string, string>();
  page: BrowserPage = { status: 0, path: '', html: '', headers: new Headers() };

  constructor(
    private readonly origin: string,
    private readonly language = 'en',
  ) {}

  /** Opens a path. */
  open(path: string): Promise<BrowserPage> {
    return this.request('GET', path);
  }

  /** Sends the form whose action this is, with its hidden fields and these values. */
  submit(action: string, values: Readonly<Record<string, string>> = {}): Promise<BrowserPage> {
    const form = this.page.html.split('<form').find((part) => part.includes(`action="${action}"`));
    if (form === undefined) throw new Error(`no form ${action} on ${this.page.path}`);
    const hidden = [...form.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g)];
    const fields = Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value]));
    return this.request('POST', action, new URLSearchParams({ ...fields, ...values }));
  }

  /** Sends a request with the cookies and follows where it leads. */
  async request(method: string, path: string, body?: URLSearchParams): Promise<BrowserPage> {
    let answer = await this.#send(method, path, body);
    let at = path;
    for (let hops = 0; answer.status === 303 && hops < redirectsMax; hops += 1) {
      at = answer.headers.get('location') ?? '/';
      answer = await this.#send('GET', at);
    }
    this.page = { status: answer.status, path: at, html: await answer.text(), headers: answer.headers };
    return this.page;
  }

  async #send(method: string, path: string, body?: URLSearchParams): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(`${this.origin}${path}`, {
      method,
      redirect: 'manual',
      headers: { 'accept-language': this.language, ...(cookie === '' ? {} : { cookie }) },
      ...(body ? { body } : {}),
    });
    for (const set of answer.headers.getSetCookie()) this.#keep(set);
    return answer;
  }

  #keep(set: string): void {
    const [pair = '', ...attributes] = set.split(';').map((part) => part.trim());
    const at = pair.indexOf('=');
    if (attributes.includes('Max-Age=0')) this.cookies.delete(pair.slice(0, at));
    else this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
  }
}
