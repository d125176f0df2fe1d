import { join } from 'node:path';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '#platform/embedded-postgres/embedded-postgres.js';
import { openLink, type Link } from '#testing/event-store-link.js';
import { startKafka, type KafkaCluster } from '#testing/kafka-cluster.js';
import type { ApartEngines } from '../apart/apart.js';

/** Brokers and a PostgreSQL that keep what they were given through anything, and links to both that can be spoiled. */
export class MortalEngines implements ApartEngines {
  private constructor(
    readonly kafka: KafkaCluster,
    readonly link: Link,
    private readonly dataDirectory: string,
    private postgres: EmbeddedPostgres,
  ) {}

  /** Three brokers, each reachable straight and through a link of its own. */
  static async start(folder: string): Promise<MortalEngines> {
    const kafka = await startKafka({ directory: join(folder, 'kafka'), brokers: 3, linked: true });
    const dataDirectory = join(folder, 'postgres');
    try {
      const postgres = await startEmbeddedPostgres({ dataDirectory });
      return new MortalEngines(kafka, await openLink(postgres.url), dataDirectory, postgres);
    } catch (error) {
      await kafka.stop();
      throw error;
    }
  }

  /** Through the link, whatever port the server has by now. */
  get books(): { readonly url: string } {
    return { url: this.link.url };
  }

  get vault(): { readonly url: string } {
    const url = new URL(this.link.url);
    url.pathname = new URL(this.postgres.vaultUrl).pathname;
    return { url: url.href };
  }

  /** As a machine that is gone; nobody can reach it until it is started again. */
  async killPostgres(): Promise<void> {
    const { postgres } = this;
    process.kill(postgres.pid, 'SIGKILL');
    await postgres.ended;
    await postgres.stop();
  }

  /** Starts it on what it has kept. */
  async startPostgres(): Promise<void> {
    this.postgres = await startEmbeddedPostgres({ dataDirectory: this.dataDirectory });
    this.link.leadTo(this.postgres.url);
  }

  async close(): Promise<void> {
    await this.kafka.stop();
    await this.link.close();
    await this.postgres.stop();
  }
}
