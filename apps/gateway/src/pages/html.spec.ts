import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formHtml } from './forms.js';
import { html, Html } from './html.js';
import { layout } from './layout.js';
import { pageTexts, roleNames } from './page-texts.js';

describe('a template', () => {
  it('escapes every text, so that no value becomes markup', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { text: made } = html`<p title="${text}">${text}</p>`;
        const inside = made.slice('<p title="'.length, -'</p>'.length);
        expect(inside.replace('">', '')).not.toMatch(/[<>"']/);
      }),
    );
    expect(html`${'<b>&"\''}`.text).toBe('&lt;b&gt;&amp;&quot;&#39;');
  });

  it('takes in HTML, lists and nothing', () => {
    const items = ['a', 'b'].map((item) => html`${item},`);
    expect(html`${items}|${undefined}|${false}|${new Html('<hr>')}|${7}`.text).toBe('a,b,|||<hr>|7');
  });
});

describe('a page', () => {
  it('says its language, has one heading, a title and a way past the navigation', () => {
    const page = layout({ title: 'Xin chào <An>', body: html`<p>1</p>` }, 'vi', '/a?b=1');
    expect(page).toMatch(/^<!doctype html>\s*<html lang="vi">/);
    expect(page.match(/<h1>/g)).toHaveLength(1);
    expect(page).toContain('<title>Xin chào &lt;An&gt; – Măng Non</title>');
    expect(page).toContain('href="#main"');
    expect(page).toContain('href="/language/en?back=%2Fa%3Fb%3D1" lang="en"');
    expect(page).not.toMatch(/<script|\son[a-z]+=|style="/);
  });

  it('labels every input and tells hints and faults to screen readers', () => {
    const form = {
      title: 't',
      action: '/a',
      submit: 's',
      hidden: { next: '/"><script>' },
      inputs: [
        { name: 'login', label: 'Login', autocomplete: 'username', value: '"x"' },
        { name: 'code', label: 'Code', autocomplete: 'one-time-code', hint: 'h', numeric: true },
      ],
    };
    const { text } = formHtml(form, 'token', 'wrong');
    for (const { name } of form.inputs) {
      expect(text).toContain(`<label for="${name}">`);
      expect(text).toContain(`id="${name}"`);
    }
    expect(text).toContain('aria-describedby="code-hint"');
    expect(text).toContain('<p class="fault" role="alert">wrong</p>');
    expect(text).toContain('value="&quot;x&quot;"');
    expect(text).not.toContain('<script>');
  });
});

describe('the texts', () => {
  it('are all there in both languages, and differ', () => {
    expect(Object.keys(pageTexts.en)).toEqual(Object.keys(pageTexts.vi));
    for (const [key, text] of Object.entries(pageTexts.en))
      if (key !== 'brand')
        expect([key, pageTexts.vi[key as keyof typeof pageTexts.vi]]).not.toEqual([key, text]);
    expect(Object.keys(roleNames.en)).toEqual(Object.keys(roleNames.vi));
  });
});
