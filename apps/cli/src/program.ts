import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { backup } from './backup.js';
import { connectionOfEnvironment, dataDirectory, keysDirectory } from './config.js';
import type { Context } from './context.js';
import { copyStore, type CopyStoreOptions } from './copy-store.js';
import { copyStoreTexts } from './copy-store-texts.js';
import { discardImport, importStatement, type StatementOptions } from './import-statement.js';
import { init } from './init.js';
import { initTexts } from './init-texts.js';
import { openFund, type FundOptions } from './fund-open.js';
import { defaultServer, login, logout } from './login.js';
import { exportEvents, exportHledger, replay, withDatabases } from './log-commands.js';
import { listHeld, listParked, rebuild, releaseHeld, replayParked } from './operations.js';
import { dateOption, instantOption, wholeNumber, type Say } from './option-values.js';
import { recoverAccess } from './recover.js';
import { restore } from './restore.js';
import { restoreEngines } from './restore-engines.js';
import { applyRoles, listRoles } from './roles.js';
import { rolesTexts } from './roles-texts.js';
import { doubtNames } from './statement-agreement.js';
import { statusOfDatabases, statusOfServer } from './status.js';
import { helpTexts as texts, type HelpText } from './help-texts.js';
import {
  applyTopics,
  listDeadLetters,
  listTopics,
  replayDeadLetters,
  topicAccess,
  topicUsers,
} from './topics.js';
import { topicsTexts } from './topics-texts.js';

interface RestoreOptions {
  readonly dataDir?: string;
  readonly keysDir?: string;
  readonly above?: number;
}

/** The commands of `mangnon`, each bound to what it works with; help in the terminal's language. */
export function programOf(context: Context): Command {
  const { language } = context.terminal;
  const say: Say = (text) => text[language];
  const program = new Command('mangnon')
    .description(say(texts.mangnon.about))
    .addOption(new Option('--lang <language>', say(texts.options.lang)).choices(['vi', 'en']))
    .helpOption('-h, --help', say(texts.options.help))
    .helpCommand('help [command]', say(texts.options.helpCommand))
    .configureHelp({
      styleTitle: (title) => say(texts.titles[title] ?? { vi: title, en: title }),
      optionDescription: (option) => described(option, say),
    })
    .addHelpText('after', `\n${say(texts.mangnon.examples)}`);
  addLogCommands(program, context, say);
  addArchiveCommands(program, context, say);
  addCopyStore(program, context, say);
  addServerCommands(program, context, say);
  addOperationCommands(program, context, say);
  addTopicCommands(program, context, say);
  command(program, 'init', initTexts.init, say)
    .option('--to <directory>', say(initTexts.to), '.mangnon-secrets')
    .action((given: { to: string }) => init(context, given));
  addRoleCommands(program, context, say);
  return program;
}

/** Choices stand in the description itself; only a default is added. */
function described({ description, defaultValue }: Option, say: Say): string {
  const shown =
    typeof defaultValue === 'string' || typeof defaultValue === 'number' ? String(defaultValue) : '';
  return shown === '' ? description : `${description} (${say(texts.byDefault)}: ${shown})`;
}

function command(parent: Command, nameAndArguments: string, text: HelpText, say: Say): Command {
  return parent
    .command(nameAndArguments)
    .summary(say(text.summary))
    .description(say(text.about))
    .addHelpText('after', `\n${say(text.examples)}`);
}

function addLogCommands(program: Command, context: Context, say: Say): void {
  const { options } = texts;
  const exporting = program.command('export').description(say(texts.export));
  command(exporting, 'events', texts.exportEvents, say)
    .option('--to <file>', say(options.to))
    .option('--data-dir <directory>', say(options.dataDir))
    .action(async ({ to, dataDir }: { to?: string; dataDir?: string }) => {
      await withDatabases(context, dataDir, (databases) => exportEvents(context, databases, to));
    });
  command(exporting, 'hledger', texts.exportHledger, say)
    .requiredOption('--fund <fund>', say(options.fundId))
    .option('--as-of <date>', say(options.asOf), dateOption(say))
    .option('--recorded-at <instant>', say(options.recordedAt), instantOption(say))
    .option('--from <file>', say(options.exportFrom))
    .option('--to <file>', say(options.to))
    .option('--data-dir <directory>', say(options.dataDir))
    .action((given: Parameters<typeof exportHledger>[1]) => exportHledger(context, given));
  command(program, 'replay', texts.replay, say)
    .option('--from <file>', say(options.from))
    .option('--only <name...>', say(options.only))
    .option('--data-dir <directory>', say(options.dataDir))
    .action((given: { from?: string; only?: string[]; dataDir?: string }) => replay(context, given));
  command(program, 'status', texts.status, say)
    .option('--server', say(options.statusServer))
    .option('--data-dir <directory>', say(options.dataDir))
    .action(async ({ server, dataDir }: { server?: boolean; dataDir?: string }) => {
      if (server === true) await statusOfServer(context);
      else await withDatabases(context, dataDir, (databases) => statusOfDatabases(context, databases));
    });
}

function addArchiveCommands(program: Command, context: Context, say: Say): void {
  const { options } = texts;
  command(program, 'backup <directory>', texts.backup, say)
    .option('--data-dir <directory>', say(options.dataDir))
    .action(async (directory: string, { dataDir }: { dataDir?: string }) => {
      await withDatabases(context, dataDir, (databases) => backup(context, databases, directory));
    });
  command(program, 'restore <directory>', texts.restore, say)
    .option('--data-dir <directory>', say(options.restoreDir))
    .option('--keys-dir <directory>', say(options.keysDir))
    .option('--above <incarnation>', say(options.above), wholeNumber(say))
    .action((directory: string, { dataDir, keysDir, above }: RestoreOptions) => {
      const { environment } = context;
      const asked = { from: resolve(directory), keysDirectory: keysDirectory(environment, keysDir), above };
      return dataDir === undefined && connectionOfEnvironment(environment)
        ? restoreEngines(context, asked)
        : restore(context, { ...asked, dataDirectory: dataDirectory(environment, dataDir) });
    });
}

function addCopyStore(program: Command, context: Context, say: Say): void {
  const { copyStore: text, dataDir, from, fromVault, giveUp } = copyStoreTexts;
  command(program, 'copy-store', text, say)
    .option('--data-dir <directory>', say(dataDir))
    .option('--from <url>', say(from))
    .option('--from-vault <url>', say(fromVault))
    .option('--give-up', say(giveUp))
    .action((given: CopyStoreOptions) => copyStore(context, given));
}

function addServerCommands(program: Command, context: Context, say: Say): void {
  const { options } = texts;
  command(program, 'login', texts.login, say)
    .option('--server <url>', say(options.server), defaultServer)
    .option('--user <login>', say(options.user))
    .option('--password-stdin', say(options.passwordStdin))
    .option('--label <label>', say(options.label), 'mangnon-cli')
    .option('--days <days>', say(options.days), wholeNumber(say), 30)
    .action((given: Parameters<typeof login>[1]) => login(context, given));
  command(program, 'logout', texts.logout, say).action(() => logout(context));
  const access = program.command('access').description(say(texts.access));
  command(access, 'recover <login>', texts.accessRecover, say)
    .option('--data-dir <directory>', say(options.dataDir))
    .option('--keys-dir <directory>', say(options.keysDir))
    .action((who: string, given: Parameters<typeof recoverAccess>[2]) => recoverAccess(context, who, given));
  const fund = program.command('fund').description(say(texts.fund));
  command(fund, 'open', texts.fundOpen, say)
    .option('--file <file>', say(options.fundFile))
    .option('--code <code>', say(options.code))
    .addOption(new Option('--level <level>', say(options.level)).choices(['national', 'province', 'commune']))
    .option('--regime <regime>', say(options.regime))
    .option('--name-vi <name>', say(options.nameVi))
    .option('--name-en <name>', say(options.nameEn))
    .option('--decision-number <number>', say(options.decisionNumber))
    .option('--decision-date <date>', say(options.decisionDate))
    .option('--issuer <issuer>', say(options.issuer))
    .option('--opened-on <date>', say(options.openedOn))
    .option('--address <address>', say(options.address))
    .option('--parent <fundId>', say(options.parent))
    .option('--bank-account <account...>', say(options.bankAccount))
    .option('--opening <balance...>', say(options.opening))
    .option('--key <key>', say(options.key))
    .action((given: FundOptions) => openFund(context, given));
  addImportCommands(program, context, say);
}

function addImportCommands(program: Command, context: Context, say: Say): void {
  const { options } = texts;
  const importing = program.command('import').description(say(texts.import));
  command(importing, 'statement <file>', texts.importStatement, say)
    .requiredOption('--fund <fund>', say(options.fundId))
    .requiredOption('--account <account>', say(options.account))
    .option('--currency <currency>', say(options.currency), 'VND')
    .option('--profile <file>', say(options.profile))
    .option('--yes', say(options.yes))
    .option('--opening-entry', say(options.openingEntry))
    .addOption(new Option('--seen <what...>', say(options.seen)).choices(doubtNames))
    .action((file: string, given: StatementOptions) => importStatement(context, file, given));
  command(importing, 'discard <statement>', texts.importDiscard, say).action((statementId: string) =>
    discardImport(context, statementId),
  );
}

function addOperationCommands(program: Command, context: Context, say: Say): void {
  const { options } = texts;
  const parked = program.command('parked').description(say(texts.parked));
  command(parked, 'list', texts.parkedList, say).action(() => listParked(context));
  command(parked, 'replay <stream>', texts.parkedReplay, say)
    .option('--subject <subject>', say(options.subject))
    .action((stream: string, { subject }: { subject?: string }) => replayParked(context, stream, subject));
  const held = program.command('held').description(say(texts.held));
  command(held, 'list', texts.heldList, say).action(() => listHeld(context));
  command(held, 'release <service> <key>', texts.heldRelease, say).action((group: string, key: string) =>
    releaseHeld(context, group, key),
  );
  command(program, 'rebuild <name>', texts.rebuild, say)
    .option('--no-wait', say(options.noWait))
    .action((name: string, { wait }: { wait: boolean }) => rebuild(context, name, wait));
}

function addTopicCommands(program: Command, context: Context, say: Say): void {
  const topics = program.command('topics').description(say(topicsTexts.topics));
  command(topics, 'apply', topicsTexts.apply, say).action(() => applyTopics(context));
  command(topics, 'list', topicsTexts.list, say).action(() => listTopics(context));
  command(topics, 'acls', topicsTexts.acls, say)
    .option('--apply', say(topicsTexts.aclsApply))
    .action((given: { apply?: boolean }) => topicAccess(context, given));
  command(topics, 'users', topicsTexts.users, say)
    .requiredOption('--passwords <folder>', say(topicsTexts.passwords))
    .action((given: { passwords: string }) => topicUsers(context, given));
  const dead = program.command('dead-letters').description(say(topicsTexts.dead));
  command(dead, 'list', topicsTexts.deadList, say)
    .option('--group <group>', say(topicsTexts.group))
    .action(({ group }: { group?: string }) => listDeadLetters(context, group));
  command(dead, 'replay <group>', topicsTexts.deadReplay, say).action((group: string) =>
    replayDeadLetters(context, group),
  );
}

function addRoleCommands(program: Command, context: Context, say: Say): void {
  const roles = program.command('roles').description(say(rolesTexts.roles));
  command(roles, 'apply', rolesTexts.apply, say).action(() => applyRoles(context));
  command(roles, 'list', rolesTexts.list, say).action(() => listRoles(context));
}
