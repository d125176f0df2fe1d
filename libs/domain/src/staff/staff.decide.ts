import type { Decider } from '#kernel/decider.js';
import {
  changePassword,
  closeAccount,
  issuePasswordLink,
  openAccount,
  requestPasswordLink,
  setPassword,
  unlockAccount,
} from './accounts.policy.js';
import type {
  RegisterFirstAdministrator,
  RegisterStaff,
  ReinstateStaff,
  StaffCommand,
  SuspendStaff,
  WithdrawStaff,
} from './commands.js';
import { giveGrant, withdrawGrant } from './grants.policy.js';
import { recoverAccess } from './recovery.policy.js';
import { assertNotOneself, doneBy, refusal } from './refusals.js';
import { confirmSecondFactor, enrolSecondFactor, removeSecondFactor } from './second-factor.policy.js';
import { endSession, giveSecondFactor, signIn } from './sign-in.policy.js';
import type { StaffEvent } from './staff.events.js';
import { evolve, noStaff, type Person, type StaffState } from './staff.state.js';
import { issueToken, revokeToken } from './tokens.policy.js';

type Registration = RegisterStaff | RegisterFirstAdministrator;
type Later = Exclude<StaffCommand, Registration>;
type Decisions = {
  readonly [K in Later['kind']]: (
    person: Person,
    command: Extract<Later, { kind: K }>,
  ) => readonly StaffEvent[];
};

const decisions: Decisions = {
  ChangeContact: (_person, { contactRecordId }) => [{ type: 'ContactChanged', data: { contactRecordId } }],
  GiveGrant: giveGrant,
  WithdrawGrant: withdrawGrant,
  OpenAccount: openAccount,
  CloseAccount: closeAccount,
  UnlockAccount: unlockAccount,
  IssuePasswordLink: issuePasswordLink,
  RequestPasswordLink: requestPasswordLink,
  SetPassword: setPassword,
  ChangePassword: changePassword,
  SignIn: signIn,
  GiveSecondFactor: giveSecondFactor,
  EndSession: endSession,
  EnrolSecondFactor: enrolSecondFactor,
  ConfirmSecondFactor: confirmSecondFactor,
  RemoveSecondFactor: removeSecondFactor,
  RecoverAccess: recoverAccess,
  IssueToken: issueToken,
  RevokeToken: revokeToken,
  SuspendStaff: suspend,
  ReinstateStaff: reinstate,
  WithdrawStaff: withdraw,
  RecordErasure: recordErasure,
};

/** The rules of one person's access. Who may give a command is decided at the door, not here. */
export const staff: Decider<StaffState, StaffCommand, StaffEvent> = { initialState: noStaff, evolve, decide };

function decide(state: StaffState, command: StaffCommand): readonly StaffEvent[] {
  if (command.kind === 'RegisterStaff' || command.kind === 'RegisterFirstAdministrator') {
    if (state.status !== 'none') throw refusal('staff/exists');
    return command.kind === 'RegisterStaff' ? register(command) : registerFirst(command);
  }
  if (state.status === 'none') throw refusal('staff/unknown');
  const decision = decisions[command.kind] as (person: Person, command: Later) => readonly StaffEvent[];
  if (state.status === 'withdrawn' && command.kind !== 'RecordErasure') throw refusal('staff/withdrawn');
  return decision(state, command);
}

function register(command: RegisterStaff): readonly StaffEvent[] {
  const { staffId, fundId, contactRecordId, accountId, loginHash, loginRecordId, link } = command;
  const by = doneBy(command.by);
  return [
    { type: 'StaffRegistered', data: { staffId, fundId, contactRecordId } },
    { type: 'AccountOpened', data: { accountId, loginHash, loginRecordId, ...by } },
    {
      type: 'PasswordLinkIssued',
      data: { accountId, linkHash: link.hash, expiresAt: link.expiresAt, ...by },
    },
  ];
}

function registerFirst(command: RegisterFirstAdministrator): readonly StaffEvent[] {
  const { staffId, contactRecordId, accountId, loginHash, loginRecordId, credentialRecordId } = command;
  return [
    { type: 'StaffRegistered', data: { staffId, fundId: '*', contactRecordId } },
    { type: 'AccountOpened', data: { accountId, loginHash, loginRecordId } },
    { type: 'PasswordSet', data: { accountId, credentialRecordId } },
    {
      type: 'GrantGiven',
      data: {
        grantId: command.grantId,
        role: 'administrator',
        fundId: '*',
        below: false,
        from: command.today,
        until: null,
      },
    },
  ];
}

function suspend(person: Person, command: SuspendStaff): readonly StaffEvent[] {
  assertNotOneself(person, command.by);
  return person.status === 'suspended' ? [] : [{ type: 'StaffSuspended', data: {} }];
}

function reinstate(person: Person, _command: ReinstateStaff): readonly StaffEvent[] {
  return person.status === 'active' ? [] : [{ type: 'StaffReinstated', data: {} }];
}

function withdraw(person: Person, command: WithdrawStaff): readonly StaffEvent[] {
  assertNotOneself(person, command.by);
  return [{ type: 'StaffWithdrawn', data: {} }];
}

function recordErasure(person: Person): readonly StaffEvent[] {
  if (person.status !== 'withdrawn') throw refusal('staff/not-withdrawn');
  return person.erased ? [] : [{ type: 'PersonalDataErased', data: {} }];
}
