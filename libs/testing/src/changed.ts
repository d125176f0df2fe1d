/** The same port with some members changed, by which an engine is broken on purpose; all else is the sound one's. */
export function changed<Port extends object>(sound: Port, changes: Partial<Port>): Port {
  return new Proxy(sound, {
    get(target, name) {
      if (Object.hasOwn(changes, name)) return Reflect.get(changes, name) as unknown;
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}
