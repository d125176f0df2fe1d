import type { Content } from 'pdfmake';
import { pageText } from './page-text.js';

/** The paper that a receipt is drawn on, and how large: `scale` 1 is the full size of letters. */
export interface Paper {
  readonly pageSize: 'A4' | 'A5';
  readonly pageOrientation: 'portrait' | 'landscape';
  readonly scale: number;
}

/** Points on this paper for points at full size. */
export type Size = (points: number) => number;

/** How the paper's letters and gaps shrink with its scale. */
export function sizeOn(paper: Paper): Size {
  return (points) => Math.round(points * paper.scale * 10) / 10;
}

/** A line of text in a style, or nothing for an empty text. */
export function line(text: string, style: string): Content[] {
  return text === '' ? [] : [{ text: pageText(text), style }];
}

/** A value, in lines one below the other, beside its bilingual label. */
export function labelled(vi: string, en: string, value: Content[], size: Size): Content {
  return {
    columns: [
      { width: size(142), text: [{ text: vi }, { text: ` / ${en}:`, style: 'english' }] },
      { width: '*', stack: value },
    ],
    columnGap: 8,
    margin: [0, 0, 0, size(2.5)],
  };
}
