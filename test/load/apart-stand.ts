import { createPool, type Database } from '#postgres/pool.js';
import { signIn } from '../faults/site.js';
import { Apart, serviceNames } from '../apart/apart.js';
import { Engine } from './engine.js';
import type { Watched } from './processes.js';
import { noteServer } from './server.js';
import type { Office, Standing } from './standing.js';

/** Every service as one process, over one Kafka broker and a PostgreSQL that is as durable as that of the default run. */
export class ApartStand implements Standing {
  private constructor(
    private readonly apart: Apart,
    private readonly engine: Engine,
    readonly database: Database,
    readonly office: Office,
  ) {}

  /** Starts engines and services, opens a fund and signs its people in. */
  static async start(): Promise<ApartStand> {
    const engine = await Engine.start();
    try {
      const apart = await Apart.open({}, { database: () => engine.database() });
      const database = createPool(apart.books.url, {
        name: 'bench',
        connectionsMax: 2,
        statementTimeoutMs: 0,
      });
      await noteServer(database);
      const { url, fundId } = apart;
      const [cashier, accountant] = [
        await signIn(url, apart.people.cashier),
        await signIn(url, apart.people.accountant),
      ];
      return new ApartStand(apart, engine, database, { url, fundId, people: { cashier, accountant } });
    } catch (error) {
      await engine.stop();
      throw error;
    }
  }

  get processes(): readonly Watched[] {
    return [
      { name: 'services', pids: serviceNames.map((name) => this.apart.pidOf(name)) },
      { name: 'postgresql', pids: [this.engine.postgres.pid], withChildren: true },
      { name: 'kafka', pids: this.apart.kafka.brokers.map(({ pid }) => pid) },
      { name: 'load', pids: [process.pid] },
    ];
  }

  async stop(): Promise<void> {
    await this.database.end();
    await this.apart.close();
    await this.engine.stop();
  }

  /** Stopping has left nothing. */
  clear(): void {
    return;
  }
}
