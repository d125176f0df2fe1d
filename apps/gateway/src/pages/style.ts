/** The one style sheet of the pages: readable on a phone, in print and at 200 %, light or dark. */
export const pagesCss = `
:root { color-scheme: light dark; --ink: #1c2b22; --paper: #fbfdfb; --line: #b9c9bf; --leaf: #1f6b3a; --bad: #a3211b; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6efe9; --paper: #121a15; --line: #3d4f44; --leaf: #7ed49b; --bad: #ff9d94; }
}
* { box-sizing: border-box; }
body { margin: 0; font: 1.05rem/1.55 system-ui, 'Noto Sans', 'DejaVu Sans', sans-serif; color: var(--ink); background: var(--paper); }
header { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0.5rem 2rem; padding: 0.75rem 1.25rem; border-bottom: 1px solid var(--line); }
header p, header form { margin: 0; display: inline; }
.brand a { font-weight: 700; color: var(--leaf); text-decoration: none; }
main { max-width: 42rem; margin: 2rem auto; padding: 0 1.25rem; }
h1 { font-size: 1.6rem; line-height: 1.25; }
a { color: var(--leaf); }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--paper); padding: 0.25rem 0.5rem; }
label { display: block; font-weight: 600; margin-top: 1rem; }
input { display: block; width: 100%; max-width: 28rem; padding: 0.55rem 0.7rem; font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: 0.35rem; }
input:focus-visible, button:focus-visible, a:focus-visible { outline: 3px solid var(--leaf); outline-offset: 2px; }
.hint { margin: 0.2rem 0 0; font-size: 0.92rem; }
button { display: block; margin-top: 1.25rem; padding: 0.55rem 1.3rem; font: inherit; font-weight: 600; color: var(--paper); background: var(--leaf); border: 0; border-radius: 0.35rem; cursor: pointer; }
nav button { display: inline; margin: 0; padding: 0; color: var(--leaf); background: none; text-decoration: underline; font-weight: 400; }
.fault { border-left: 4px solid var(--bad); padding: 0.4rem 0.9rem; color: var(--bad); }
.done { border-left: 4px solid var(--leaf); padding: 0.4rem 0.9rem; }
.qr svg { width: 14rem; max-width: 100%; height: auto; background: #fff; }
code { font-family: ui-monospace, 'DejaVu Sans Mono', monospace; }
pre { font: inherit; }
code, pre { overflow-wrap: anywhere; white-space: pre-wrap; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; padding: 0.4rem 0.6rem; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
dt { font-weight: 600; } dd { margin: 0 0 0.5rem; }
`;

/** The mark in a browser's tab: a shoot with two leaves. */
export const pagesIcon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<path d="M16 30V12" stroke="#1f6b3a" stroke-width="3" stroke-linecap="round" fill="none"/>
<path d="M16 16C15 8 10 4 3 4c0 8 5 12 13 12Z" fill="#1f6b3a"/>
<path d="M16 20c1-7 6-11 13-11 0 8-5 11-13 11Z" fill="#4ba86a"/>
</svg>
`;
