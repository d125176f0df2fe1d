import { fund, type FundCommand } from '#domain/fund/fund.decide.js';
import type { FundEvent } from '#domain/fund/fund.events.js';
import { fundStateVersion, type FundState } from '#domain/fund/fund.state.js';
import { foundingKey, type AskFounding } from '#domain/fund/founding-key.decide.js';
import type { FoundingAsked } from '#domain/fund/founding-key.events.js';
import type { FoundingKeyState } from '#domain/fund/founding-key.state.js';
import type { EventStore } from '#event-store/event-store.js';
import { handle, type CommandContext, type Handled, type Handler } from '#event-store/handle.js';
import type { SnapshotStore } from '#event-store/snapshots.js';
import { handlingAs } from '#platform/transport/parked-alerts.js';
import { foundingStreamOf, streamOf } from './fund-streams.js';
import type { OpenFundCommand } from '#domain/fund/founding.decide.js';

/** Token of {@link Funds}. */
export const FUNDS = Symbol('Funds');

/** The ways to a fund: commands, messages, reading it, and opening one. */
export interface Funds extends Handler<FundState, FundCommand, FundEvent> {
  /**
   * Opens the fund that the command's code names, once per `context.commandId`. Throws `DomainRefusal`, also
   * `idempotency/body-differs` where the key came with another code before.
   */
  open(command: OpenFundCommand, context: CommandContext): Promise<Handled<FundState, FundEvent>>;
}

/** The funds in a store, begun from snapshots where there are any. */
export function fundsIn(store: EventStore, snapshots?: SnapshotStore): Funds {
  const options = handlingAs('ledger');
  const kept = snapshots && { snapshots: { store: snapshots, deciderVersion: fundStateVersion } };
  const funds = handle(store, fund, { ...options, ...kept });
  const keys: Handler<FoundingKeyState, AskFounding, FoundingAsked> = handle(store, foundingKey, options);
  return {
    ...funds,
    async open(command, context) {
      const stream = streamOf(command.fundId);
      const keyStream = foundingStreamOf(context.commandId);
      await keys.repeated(keyStream, context);
      const { state } = await funds.load(stream);
      // Refused before the key is bound to it, a body may be mended and sent again under the same key.
      if (state.status === 'none') {
        fund.decide(state, command);
        await keys.command(keyStream, { type: 'AskFounding', fundId: command.fundId }, context);
      }
      return funds.command(stream, command, context);
    },
  };
}
