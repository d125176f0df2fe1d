import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { faults as asked } from '#testing/run.config.js';
import { addressOf } from '#testing/kafka-cluster.js';
import { SmtpPeer } from '#testing/smtp-peer.js';
import { Apart, startMs } from '../apart/apart.js';
import { MortalEngines } from './apart-engines.js';
import { ofEngines } from './apart-engine-strikes.js';
import { ApartLife, failPointFile } from './apart-life.js';
import { atFailPointsApart, ofProcesses } from './apart-process-strikes.js';
import { ofGround } from './apart-ground-strikes.js';
import { ofMessages } from './apart-message-strikes.js';
import { struckApart } from './apart-struck.js';
import { apartSample } from './apart-sample.js';

const all = [...ofProcesses, ...ofEngines, ...ofMessages, ...ofGround, ...atFailPointsApart];
const bouncesPort = 19_000 + (process.pid % 900);
const seed = asked.seed ?? '2025';
const minutes = 60_000;

describe('faults of services apart', () => {
  it('have each a name of its own', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    for (const { name } of apartSample) expect(all.map((fault) => fault.name)).toContain(name);
  });
});

if (asked.isLong)
  describe('nothing is lost, doubled or out of order between processes after', () => {
    let life: ApartLife | undefined;
    let peer: SmtpPeer;
    beforeAll(async () => {
      peer = await SmtpPeer.listen();
      const mail = { SMTP_URL: peer.url, MAIL_FROM: 'bien-lai@quy.example' };
      const apart = await Apart.open(
        { KAFKA_SESSION_SECONDS: '6', ...mail },
        {
          engines: (folder) => MortalEngines.start(folder),
          failPointIn: failPointFile,
          environmentOf: (name, { kafka }) => ({
            ...(name === 'ledger' ? { KAFKA_BROKERS: kafka.links.map(addressOf).join(',') } : {}),
            ...(name === 'receipts' ? { BOUNCES_HOST: '127.0.0.1', BOUNCES_PORT: String(bouncesPort) } : {}),
          }),
        },
      );
      life = await ApartLife.begin(apart, seed, peer, bouncesPort);
    }, startMs);
    afterAll(async () => {
      await life?.close();
      await life?.apart.close();
      await peer.close();
    }, startMs);

    it.each(all)('$name', (fault) => struckApart(life!, fault, asked.isLong), 5 * minutes);
  });
