import 'reflect-metadata';
import { accessService, recoverAdministrator, type Recovery } from '#apps/access/src/access.module.js';
import { openAdapters } from '#platform/adapters.js';
import { explain } from '../explain.js';

/** What `mangnon access recover` sends: it has found the databases, and only the access service decides of staff. */
interface Asked {
  readonly login: string;
  readonly databaseUrl: string;
  readonly vaultUrl: string;
  readonly keysDirectory: string;
}

/** The answer to it; `failed` says in each language why nothing could be tried. */
type Answer = Recovery | { readonly outcome: 'failed'; readonly vi: string; readonly en: string };

async function answerTo({ login, ...where }: Asked): Promise<Answer> {
  try {
    const platform = await openAdapters([accessService], { ...where, onTrouble: () => undefined });
    return await recoverAdministrator(platform, login).finally(() => platform.close());
  } catch (error) {
    return { outcome: 'failed', vi: explain(error, 'vi'), en: explain(error, 'en') };
  }
}

process.once('message', (asked) => {
  void answerTo(asked as Asked).then((answer) => process.send?.(answer, () => process.disconnect()));
});
