/** The demo cannot be played; the message is one sentence for whoever started it. */
export class DemoRefused extends Error {
  override readonly name = 'DemoRefused';
}
