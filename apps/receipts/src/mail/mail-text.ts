/** What the words of a mail are made of; public facts only, so that a subject line tells nobody's name. */
export interface MailFacts {
  readonly number: string;
  readonly fundName: { readonly vi: string; readonly en: string };
  /** Number of the receipt that this one replaces. */
  readonly replaces?: string;
  /** What is read first; the other language follows below. */
  readonly language: 'vi' | 'en';
}

/** Subject and text of the mail that carries a receipt, the donation's language first. */
export function mailText(facts: MailFacts): { readonly subject: string; readonly text: string } {
  const { vi, en } = { vi: vietnamese(facts), en: english(facts) };
  const [first, second] = facts.language === 'vi' ? [vi, en] : [en, vi];
  return { subject: first.subject, text: `${first.text}\n\n--------\n\n${second.text}\n` };
}

interface Words {
  readonly subject: string;
  readonly text: string;
}

function vietnamese({ number, fundName, replaces }: MailFacts): Words {
  const replaced = replaces === undefined ? '' : ` Biên lai này thay thế biên lai số ${replaces}.`;
  return {
    subject: `Biên lai số ${number} - ${fundName.vi}`,
    text: [
      'Kính gửi Quý vị,',
      `${fundName.vi} trân trọng cảm ơn sự đóng góp của Quý vị và xin gửi kèm theo thư này biên lai số ${number}.${replaced}`,
      'Nếu có điều gì chưa đúng trên biên lai, xin Quý vị trả lời thư này hoặc liên hệ với Quỹ.',
      fundName.vi,
    ].join('\n\n'),
  };
}

function english({ number, fundName, replaces }: MailFacts): Words {
  const replaced = replaces === undefined ? '' : ` It replaces receipt ${replaces}.`;
  return {
    subject: `Receipt ${number} - ${fundName.en}`,
    text: [
      'Dear donor,',
      `${fundName.en} thanks you for your donation. Receipt ${number} is attached to this mail.${replaced}`,
      'If anything on the receipt is not right, please answer this mail or contact the fund.',
      fundName.en,
    ].join('\n\n'),
  };
}
