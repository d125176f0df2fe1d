/** Injection tokens of what platform provides to every service; each names its type. */
export const EVENT_STORE = Symbol('EventStore');
/** `SnapshotStore` of `#event-store/snapshots.js`: for the long streams of funds and receipt books. */
export const SNAPSHOTS = Symbol('SnapshotStore');
/** `Messaging` of `#messaging/messaging.js`. */
export const MESSAGING = Symbol('Messaging');
/** `Lags` of `#platform/transport/lags.js`: how far behind those are who consume and publish here. */
export const LAGS = Symbol('Lags');
/** `Admission` of `#platform/transport/admission.js`. */
export const ADMISSION = Symbol('Admission');
/** `Clock` of `#platform/clock.js`. */
export const CLOCK = Symbol('Clock');
/** `Vault` of `#vault/vault.js`, opened only for the kinds that the service may enter. */
export const VAULT = Symbol('Vault');
/** `Database` of `#postgres/pool.js`: a service's own tables beside the projections, in the schema of its name. */
export const SERVICE_DATABASE = Symbol('Database');
/** A function that asks what the clock shows that events are stamped by. */
export const STORE_TIME = Symbol('StoreTime');
/** TypeORM's `DataSource` for read models. */
export const READ_DATABASE = Symbol('DataSource');
/** `ReadModels` of `#read-models/read-models.js`: runs projections, tells where they stand. */
export const READ_MODELS = Symbol('ReadModels');
/** `Uint8Array` of at least 32 bytes, kept across restarts: keys the digests of command bodies. */
export const DIGEST_KEY = Symbol('DigestKey');
/** `KnownKeys` of `#platform/keys/key-pairs.js`: by what this process knows who speaks to it. */
export const KNOWN_KEYS = Symbol('KnownKeys');
/** `Signer` of `#platform/keys/key-pairs.js`: the gateway's own key, where the gateway is in this process. */
export const SIGNER = Symbol('Signer');
/** `AccessDoor` of `#contracts/access-door.js`: tells the gateway who is asking. */
export const ACCESS_DOOR = Symbol('AccessDoor');
/** `InboxDoor` of `#contracts/inbox-door.js`: the mails of the local mailbox. */
export const INBOX_DOOR = Symbol('InboxDoor');
/** The `Service` records of this process. */
export const SERVICES = Symbol('Services');
