import type { z } from 'zod';
import { accessTopic, type accessContracts } from '#contracts/access.v1.js';
import type { StaffEvent } from '#domain/staff/staff.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import type { TopicSource, Translated } from '#kernel/message.js';

type Contracts = typeof accessContracts;

const prefix = 'staff-';

/** The topic of this service: who may do what, never who somebody is. */
export const accessPublisher: TopicSource = {
  topic: accessTopic,
  streams: [prefix],
  translate: (event) => translated(event as RecordedEvent<StaffEvent>),
};

function translated(event: RecordedEvent<StaffEvent>): Translated | undefined {
  const staffId = event.stream.slice(prefix.length);
  switch (event.type) {
    case 'StaffRegistered':
      return message('StaffRegistered.v1', { staffId, fundId: event.data.fundId });
    case 'GrantGiven': {
      const { by: _by, ...grant } = event.data;
      return message('GrantGiven.v1', { staffId, ...grant });
    }
    case 'GrantWithdrawn':
      return message('GrantWithdrawn.v1', { staffId, grantId: event.data.grantId });
    case 'StaffSuspended':
      return message('StaffSuspended.v1', { staffId });
    case 'StaffReinstated':
      return message('StaffReinstated.v1', { staffId });
    case 'StaffWithdrawn':
      return message('StaffWithdrawn.v1', { staffId });
    default:
      return undefined;
  }
}

function message<Type extends keyof Contracts>(
  type: Type,
  data: z.infer<Contracts[Type]> & { readonly staffId: string },
): Translated {
  return { type, subject: data.staffId, key: data.staffId, data };
}
