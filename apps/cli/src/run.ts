import { CommanderError } from 'commander';
import { errorCodeOf } from '#platform/embedded-postgres/error-code.js';
import { EmbeddedPostgresFault } from '#platform/embedded-postgres/faults.js';
import { localeOf, type Environment } from './config.js';
import type { Context } from './context.js';
import { CliFault, exitCodes } from './fault.js';
import { byReader, Interruption } from './interruption.js';
import { chooseLanguage, type Bilingual } from './language.js';
import { programOf } from './program.js';
import { Terminal, type Streams } from './terminal.js';

/** What a run of the command line is given by its process. */
export interface Surroundings extends Pick<Context, 'pour' | 'ask' | 'readInput'> {
  readonly streams: Streams;
  readonly environment: Environment;
  /** How the run may be ended from outside; by nothing when absent. */
  readonly interruption?: Interruption;
}

/** Runs one command line (without the names of node and the script) and tells the exit code; never rejects. */
export async function runCli(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const { streams, environment, interruption = new Interruption(), pour, ask, readInput } = surroundings;
  const terminal = new Terminal(streams, chooseLanguage(argv, localeOf(environment)));
  const program = programOf({ terminal, environment, interruption, pour, ask, readInput });
  // What commander itself would say is said below, in the reader's language.
  const output = { writeOut: streams.out, writeErr: streams.err, outputError: () => undefined };
  for (const command of withAll(program)) command.exitOverride().configureOutput(output);
  const line = argv.length === 0 ? ['--help'] : [...argv];
  const interrupted = interruption.over().then(({ exit, sentence }) => {
    if (sentence) terminal.note(sentence);
    return exit;
  });
  const run = program.parseAsync(line, { from: 'user' }).then(
    () => exitCodes.done,
    (error: unknown) => {
      if (errorCodeOf(error) === 'EPIPE') interruption.interrupt(byReader());
      return interruption.signal.aborted ? interrupted : explain(error, terminal, streams);
    },
  );
  return Promise.race([run, interrupted]).finally(() => terminal.clear());
}

function explain(error: unknown, terminal: Terminal, streams: Streams): number {
  if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done;
  const { code, sentence } = faultOf(error);
  terminal.note(sentence);
  if (code === 'bug' && error instanceof Error) streams.err(`${error.stack ?? error.message}\n`);
  return exitCodes[code];
}

function withAll(program: ReturnType<typeof programOf>): readonly ReturnType<typeof programOf>[] {
  return [program, ...program.commands.flatMap(withAll)];
}

function faultOf(error: unknown): Pick<CliFault, 'code' | 'sentence'> {
  if (error instanceof CliFault) return error;
  if (error instanceof EmbeddedPostgresFault)
    return { code: 'unreachable', sentence: { vi: error.sentence('vi'), en: error.sentence('en') } };
  if (error instanceof CommanderError) return { code: 'usage', sentence: misuse(error) };
  return (
    systemFault(error) ?? { code: 'bug', sentence: { vi: 'Lỗi của chương trình:', en: 'A bug of ours:' } }
  );
}

/** Wrong files and disks, by the code of the system's error. */
function systemFault(error: unknown): Pick<CliFault, 'code' | 'sentence'> | undefined {
  const { code, path, message = '' } = Object(error) as { code?: unknown; path?: string; message?: string };
  if (typeof code !== 'string') return undefined;
  const what = path ?? message;
  switch (code) {
    case 'ENOENT':
      return { code: 'usage', sentence: { vi: `Không có tệp ${what}.`, en: `There is no file ${what}.` } };
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return {
        code: 'refused',
        sentence: { vi: `Không có quyền với ${what}.`, en: `No right to use ${what}.` },
      };
    case 'ENOSPC':
    case 'EDQUOT':
      return { code: 'refused', sentence: { vi: 'Đĩa đã đầy.', en: 'The disk is full.' } };
    default:
      return code.startsWith('Z_')
        ? {
            code: 'differs',
            sentence: {
              vi: 'Tệp nén bị hỏng hoặc cắt cụt.',
              en: 'The compressed file is damaged or cut off.',
            },
          }
        : undefined;
  }
}

const misuses: Readonly<Record<string, Bilingual>> = {
  'commander.unknownCommand': { vi: 'không có lệnh này', en: 'there is no such command' },
  'commander.unknownOption': { vi: 'không có tuỳ chọn này', en: 'there is no such option' },
  'commander.missingArgument': { vi: 'thiếu tham số', en: 'an argument is missing' },
  'commander.optionMissingArgument': { vi: 'tuỳ chọn thiếu giá trị', en: 'an option lacks its value' },
  'commander.missingMandatoryOptionValue': { vi: 'thiếu tuỳ chọn bắt buộc', en: 'an option is missing' },
  'commander.excessArguments': { vi: 'thừa tham số', en: 'there are too many arguments' },
  'commander.invalidArgument': { vi: 'giá trị không hợp lệ', en: 'a value is not valid' },
  'commander.help': { vi: 'thiếu lệnh con', en: 'a command is missing' },
};

/** What was typed wrongly: commander's own detail stands behind, since it names the word. */
function misuse({ code, message }: CommanderError): Bilingual {
  const said = misuses[code] ?? { vi: 'dòng lệnh không đúng', en: 'the command line is wrong' };
  const detail = message.replace(/^error: /, '');
  return {
    vi: `mangnon: ${said.vi} (${detail}). Xem: mangnon --help`,
    en: `mangnon: ${said.en} (${detail}). See: mangnon --help`,
  };
}
