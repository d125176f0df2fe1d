/** Injection tokens of what platform provides to every service; each names its type. */
export const EVENT_STORE = Symbol('EventStore');
/** `Messaging` of `#messaging/messaging.js`. */
export const MESSAGING = Symbol('Messaging');
/** `Clock` of `#platform/clock.js`. */
export const CLOCK = Symbol('Clock');
/** `Vault` of `#vault/vault.js`, opened only for the kinds that the service may enter. */
export const VAULT = Symbol('Vault');
/** TypeORM's `DataSource` for read models. */
export const READ_DATABASE = Symbol('DataSource');
/** `ReadModels` of `#read-models/read-models.js`: runs projections, tells where they stand. */
export const READ_MODELS = Symbol('ReadModels');
