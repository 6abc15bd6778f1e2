/** The style of all pages. Colours have a contrast of 4.5:1 and more in both schemes and are never the only sign. */
export const styleSheet = `:root {
  color-scheme: light dark;
  --ground: light-dark(#f7f8fa, #14171c);
  --paper: light-dark(#ffffff, #1c2027);
  --ink: light-dark(#1d2330, #e4e8ee);
  --faint: light-dark(#5b6473, #9aa4b2);
  --line: light-dark(#dde1e7, #303641);
  --accent: light-dark(#2f4fb5, #9db4ff);
  --good: light-dark(#1a6b3c, #7fd6a0);
  --warn: light-dark(#8a4b00, #ffc27a);
  --warn-ground: light-dark(#fff4e3, #35291a);
}
* { box-sizing: border-box; }
body {
  margin: 0;
  background: var(--ground);
  color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
}
header {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 0.5rem 2rem;
  padding: 0.75rem 1.5rem;
  background: var(--paper);
  border-bottom: 1px solid var(--line);
}
.brand { color: var(--ink); font-weight: 650; text-decoration: none; }
nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 2px; }
nav a { text-decoration: none; }
a:hover { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
main { max-width: 84rem; margin: 0 auto; padding: 1rem 1.5rem 3rem; }
h1 { margin: 0.5rem 0 1rem; font-size: 1.5rem; overflow-wrap: anywhere; }
h2 { margin: 2rem 0 0.75rem; font-size: 1.1rem; }
.scroll { overflow-x: auto; background: var(--paper); border: 1px solid var(--line); border-radius: 8px; }
table { width: 100%; border-collapse: collapse; }
.scroll:has(.properties) { width: fit-content; max-width: 100%; }
.properties { min-width: min(24rem, 100%); }
th, td { padding: 0.45rem 0.9rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
tbody:first-child tr:first-child > *, thead th { border-top: 0; }
thead th { color: var(--faint); font-size: 0.8rem; font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 500; color: var(--faint); white-space: nowrap; }
tbody tr:hover { background: color-mix(in srgb, var(--accent) 6%, transparent); }
td { overflow-wrap: anywhere; }
td.text { min-width: 9rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
code, pre { font: 0.85rem/1.45 ui-monospace, 'SF Mono', Menlo, Consolas, monospace; }
pre { margin: 0; white-space: pre-wrap; }
a, code, span { unicode-bidi: isolate; }
.search { display: flex; gap: 0.5rem; margin: 1.25rem 0 0.75rem; }
input, button {
  padding: 0.4rem 0.75rem;
  color: inherit;
  background: var(--paper);
  border: 1px solid var(--line);
  border-radius: 6px;
  font: inherit;
}
input[type='search'] { width: min(24rem, 100%); }
button { cursor: pointer; }
.pager { justify-content: center; align-items: baseline; margin: 1rem 0; color: var(--faint); }
.empty { color: var(--faint); }
.notice { padding: 0.6rem 1rem; color: var(--warn); background: var(--warn-ground); border-radius: 8px; }
.state { font-weight: 600; }
.state.ok { color: var(--good); }
.state.awaited, .state.stale { color: var(--warn); }
meter { width: 10rem; height: 0.9rem; }
meter::-webkit-meter-bar { background: var(--line); border: 0; }
meter::-webkit-meter-optimum-value { background: var(--accent); }
meter::-moz-meter-bar { background: var(--accent); }
`;

/** The icon of the pages: one thing spread over three. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="7" fill="#2f4fb5"/>
<g fill="none" stroke="#fff" stroke-width="2"><path d="M9 16 22 7M9 16h13M9 16l13 9"/></g>
<g fill="#fff"><circle cx="9" cy="16" r="4"/><circle cx="23" cy="7" r="3"/><circle cx="23" cy="16" r="3"/><circle cx="23" cy="25" r="3"/></g>
</svg>
`;
