import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { EventStore } from '#event-store/event-store.js';
import { comparePositions, type Position } from '#kernel/position.js';
import type { ReadModels } from '#read-models/read-models.js';
import type { ProjectionStatus } from '#read-models/standings.js';
import { EVENT_STORE, READ_MODELS } from '../tokens.js';

/**
 * Which read models have a table to show. One that a newer version is being built beside shows what it showed before; one
 * that is folded for the first time, or lags from before this process began, shows too little until it has taken in all
 * that was recorded by then. Once it has, it counts as serving: how far it lags later stands in the status.
 */
@Injectable()
export class ServingTables implements OnApplicationBootstrap {
  readonly #served = new Set<string>();
  #begunAt: Position | undefined;

  constructor(
    @Inject(EVENT_STORE) private readonly store: Pick<EventStore, 'head'>,
    @Inject(READ_MODELS) private readonly readModels: Pick<ReadModels, 'status'>,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.#begunAt = (await this.store.head())?.position;
    this.behind();
  }

  /** Read models that have nothing whole to show yet, those that are stopped apart. */
  behind(): readonly string[] {
    const statuses = this.readModels.status();
    for (const status of statuses) if (this.#serves(status)) this.#served.add(status.name);
    return statuses
      .filter(({ name, state }) => state !== 'stopped' && !this.#served.has(name))
      .map(({ name }) => name);
  }

  #serves({ state, unbuilt, position }: ProjectionStatus): boolean {
    switch (state) {
      case 'live':
        return true;
      case 'outdated':
        return unbuilt !== true || this.#begunAt === undefined;
      case 'catching-up':
        return (
          this.#begunAt === undefined ||
          (position !== undefined && comparePositions(position, this.#begunAt) >= 0)
        );
      case 'starting':
      case 'stopped':
        return false;
    }
  }
}
