/** The style of a page: no font, picture or rule from elsewhere; light or dark as the reader has it. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --sheet: #f5f6f8; --line: #d5d9e0; --ink: #1c2430; --soft: #566070; --link: #0b57a8;
  --changed: #7a4a00; --changed-soft: #fdf0d5; --unknown: #7a2a8c; --unknown-soft: #f7e8fa;
  --failed: #a8201a; --failed-soft: #fde8e6; --ok: #1d6b34;
  --added: #0f5223; --added-soft: #dff5e4; --removed: #8c1d18; --removed-soft: #fde4e1; --hunk: #245a86;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171c; --sheet: #1d2128; --line: #39404b; --ink: #e4e7ec; --soft: #a3acb9; --link: #7db8f5;
    --changed: #f2c168; --changed-soft: #3a2d12; --unknown: #e0a4ee; --unknown-soft: #38203e;
    --failed: #ff9d94; --failed-soft: #452021; --ok: #7fd295;
    --added: #a5e8b6; --added-soft: #163622; --removed: #ffb3ab; --removed-soft: #44201f; --hunk: #8ec1ea;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body {
  margin: 0 auto; padding: 1.5rem clamp(0.75rem, 3vw, 2rem) 3rem; max-width: 72rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
}
code, pre, .what, .packages td, .packages tbody th { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 0.875rem; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
h1 { margin: 0.25rem 0 0.5rem; font-size: clamp(1.4rem, 4vw, 2rem); line-height: 1.2; }
h2 { margin: 2rem 0 0.5rem; font-size: 1.25rem; }
h3 { margin: 1.5rem 0 0.5rem; font-size: 1rem; }
h3 small, .remark, footer, .on, .quiet, .none, output { color: var(--soft); }
h3 small { font-weight: normal; }
.facts { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; margin: 0; color: var(--soft); }
.remark { margin: 0.25rem 0; }
article + article { margin-top: 3rem; border-top: 2px solid var(--line); padding-top: 2rem; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); font-size: 0.875rem; }

.scroll { overflow-x: auto; }
table { border-collapse: collapse; overflow-wrap: normal; }
tbody th { white-space: nowrap; }
th, td { padding: 0.3rem 0.75rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { color: var(--soft); font-size: 0.875rem; font-weight: 600; }
.hosts td, .hosts thead th + th { text-align: right; font-variant-numeric: tabular-nums; }
.hosts td { font-weight: 600; }
.hosts td.none { font-weight: normal; }
td.changed { color: var(--changed); } td.unknown { color: var(--unknown); } td.ok { color: var(--ok); }
td.failed, td.unreachable { color: var(--failed); }
.packages td:not(.on) { white-space: nowrap; }
.packages .to { color: var(--added); } .packages .gone { color: var(--removed); }

.filter {
  display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 1rem; margin: 0.75rem 0; padding: 0.6rem 0.9rem;
  border: 1px solid var(--line); border-radius: 0.5rem; background: var(--sheet);
}
.filter > label { margin-right: -0.5rem; }
.filter fieldset { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; margin: 0; padding: 0; border: 0; }
.filter legend { float: left; padding: 0; }
.filter select, .filter button {
  min-height: 2rem; max-width: 100%; padding: 0.15rem 0.6rem; border: 1px solid var(--soft); border-radius: 0.35rem;
  background: var(--paper); color: var(--ink); font: inherit;
}
.filter button { cursor: pointer; }

.task { margin: 0.4rem 0; border: 1px solid var(--line); border-left: 0.3rem solid var(--changed); border-radius: 0.35rem; background: var(--sheet); }
.task.unknown { border-left-color: var(--unknown); }
.task.failed { border-left-color: var(--failed); }
.line { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.15rem 0.75rem; padding: 0.4rem 0.75rem; }
summary { cursor: pointer; }
summary.line::after { content: "▸" / ""; order: -1; color: var(--soft); }
[open] > summary.line::after { content: "▾" / ""; }
div.line::before { content: "▸" / ""; visibility: hidden; }
.line::-webkit-details-marker { display: none; }
.status { padding: 0 0.5rem; border-radius: 1rem; background: var(--changed-soft); color: var(--changed); font-size: 0.8rem; font-weight: 600; white-space: nowrap; min-width: 8.9rem; text-align: center; }
.unknown .status { background: var(--unknown-soft); color: var(--unknown); }
.failed .status { background: var(--failed-soft); color: var(--failed); }
.label { padding: 0 0.5rem; border: 1px solid var(--soft); border-radius: 1rem; font-size: 0.8rem; }
.what { flex: 1 1 20rem; min-width: 0; }
.on { font-size: 0.875rem; }
.body { padding: 0 0.75rem 0.75rem; }
.body p { margin: 0.4rem 0; }
.body ul { margin: 0.4rem 0; padding-left: 1.5rem; }
pre { margin: 0.4rem 0; padding: 0.5rem 0.75rem; overflow-x: auto; border: 1px solid var(--line); border-radius: 0.35rem; background: var(--paper); line-height: 1.4; tab-size: 8; }
.diff { padding: 0.5rem 0; }
.diff > * { display: block; width: max-content; min-width: 100%; padding: 0 0.75rem; text-decoration: none; }
ins { background: var(--added-soft); color: var(--added); }
del { background: var(--removed-soft); color: var(--removed); }
.hunk { color: var(--hunk); }
.note { color: var(--soft); }
.quiet { margin: 0.4rem 0; font-size: 0.875rem; }
.faults { margin-top: 1.5rem; padding: 0.1rem 1rem 0.5rem; border: 1px solid var(--failed); border-radius: 0.5rem; }
.faults h2 { margin-top: 0.5rem; color: var(--failed); }
.faults ul { padding-left: 1.25rem; }
.message { color: var(--failed); white-space: pre-wrap; }
.fault p { margin: 0.25rem 0; }
@media (max-width: 40rem) {
  body { padding-top: 1rem; }
  th, td { padding: 0.3rem 0.5rem; }
  .what { flex-basis: 100%; order: 1; }
  .label, .on { order: 2; }
}
@media print { .filter { display: none; } }
`;
