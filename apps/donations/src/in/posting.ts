import { donationsTopic } from '#contracts/donations.v1.js';
import type { Follower } from '#platform/transport/admission.js';

/** Who posts what is recorded here. */
export const posting: Follower = { group: 'ledger', topic: donationsTopic };
