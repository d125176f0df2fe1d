import type { Language } from './faults.js';

const sentences = {
  made: {
    en: (what: string) => `Made a new data directory in ${what}.`,
    vi: (what: string) => `Đã tạo thư mục dữ liệu mới tại ${what}.`,
  },
  'stopped-orphan': {
    en: (what: string) =>
      `The last run was killed and left its PostgreSQL (process ${what}) behind: it was stopped properly; nothing recorded is lost.`,
    vi: (what: string) =>
      `Lần chạy trước bị ngắt và để lại PostgreSQL (tiến trình ${what}): đã dừng đúng cách; dữ liệu đã ghi còn nguyên.`,
  },
  recovered: {
    en: (what: string) =>
      `PostgreSQL (process ${what}) was not stopped properly last time: it recovered from its own log; nothing recorded is lost.`,
    vi: (what: string) =>
      `Lần trước PostgreSQL (tiến trình ${what}) không được dừng đúng cách: đã tự phục hồi từ nhật ký; dữ liệu đã ghi còn nguyên.`,
  },
  'copied-programs': {
    en: (what: string) =>
      `Copied the PostgreSQL programs to ${what}, because its user may not enter the folder they were installed in.`,
    vi: (what: string) =>
      `Đã chép các chương trình PostgreSQL sang ${what} vì người dùng chạy nó không vào được thư mục cài đặt.`,
  },
} as const;

/** What the embedded server did that whoever started it should know. */
export interface Note {
  readonly code: keyof typeof sentences;
  /** The folder or process that the sentence names. */
  readonly what: string;
}

/** A note as one sentence in the reader's language. */
export function noteSentence(note: Note, language: Language): string {
  return sentences[note.code][language](note.what);
}
