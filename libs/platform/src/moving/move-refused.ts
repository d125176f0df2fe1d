/** The events are not moved: they stay where they are and whoever asked is told why in one sentence. */
export class MoveRefused extends Error {
  override readonly name = 'MoveRefused';
}
