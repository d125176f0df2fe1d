import { readApartConfig, type ApartConfig } from '#platform/apart/config.js';
import { ConfigRefused } from '#platform/config-refused.js';
import { ConsumersLag } from '#platform/moving/source.js';
import type { Context } from './context.js';
import { CliFault } from './fault.js';

/** The engines of separate services, as the environment names them; throws {@link CliFault} with every fault there is. */
export function apartConfigOf(environment: Context['environment']): ApartConfig {
  try {
    return readApartConfig(0, environment);
  } catch (error) {
    if (!(error instanceof ConfigRefused)) throw error;
    const faults = error.faults.join('; ');
    throw new CliFault('usage', {
      vi: `Hãy đặt các biến của nơi chuyển tới, như khi chạy từng dịch vụ: ${faults}`,
      en: `Set the variables of where it is moved to, as for services that run apart: ${faults}`,
    });
  }
}

/** Errors whose message is one sentence for whoever moves or restores. */
const refusals: Readonly<Record<string, 'refused' | 'differs'>> = {
  MoveRefused: 'refused',
  ImportRefused: 'refused',
  TopicMismatch: 'refused',
  GroupInUse: 'refused',
  StoryDataRefused: 'refused',
  CopyDiffers: 'differs',
  CarriedOtherwise: 'differs',
  TopicHoldsOther: 'differs',
};

/** What a move or a restore was ended by, as a {@link CliFault} where it is one sentence for whoever asked for it. */
export function faultOfMoving(error: unknown): unknown {
  if (error instanceof ConsumersLag) {
    const list = error.lagging
      .map(({ consumer, behind }) => `${consumer} (${String(behind ?? '?')})`)
      .join(', ');
    return new CliFault('refused', {
      vi: `Còn nơi chưa xử lý hết, kèm số thông điệp hoặc sự kiện còn lại: ${list}. Hãy khởi động sổ cũ, đợi mangnon status cho thấy đã xong, dừng lại rồi chạy lại lệnh này.`,
      en: `Not everything is handled; who is behind, and by how many messages or events: ${list}. Start the old run, wait until all is handled, stop it and run this again.`,
    });
  }
  const { name = '', message = '' } = Object(error) as { readonly name?: string; readonly message?: string };
  const code = refusals[name];
  if (code) return new CliFault(code, { vi: message, en: message }, { cause: error });
  if (!name.startsWith('KafkaJS')) return error;
  const sentence = { vi: `Kafka không trả lời: ${message}`, en: `Kafka does not answer: ${message}` };
  return new CliFault('unreachable', sentence, { cause: error });
}
