/** The EventStoreDB or KurrentDB server that these tests are to run on, `esdb://…`; the protocol server where there is none. */
export const serverUrl = process.env['EVENTSTORE_URL'];
