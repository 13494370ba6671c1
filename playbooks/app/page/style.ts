/** The page's style: a light and a dark one, no font and no image to load. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1d2733; --soft: #5d6b7a; --paper: #f5f7f9; --card: #fff; --line: #dde3e9; --mark: #0b6e8f; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6ebf0; --soft: #9aa8b6; --paper: #12181f; --card: #1b232c; --line: #2c3742; --mark: #57bddd; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 44rem; margin: 0 auto; padding: 2.5rem 1.25rem; }
h1 { margin: 0 0 1.25rem; font-size: 1.6rem; }
h2 { margin: 2rem 0 .75rem; font-size: 1.1rem; }
dl { display: flex; flex-wrap: wrap; gap: .75rem; margin: 0; }
dl div { flex: 1 1 9rem; padding: .75rem 1rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
dt { color: var(--soft); font-size: .8rem; }
dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
.by dd { color: var(--mark); font-size: 1.2rem; }
form { display: flex; gap: .5rem; }
input { flex: 1; min-width: 0; padding: .6rem .75rem; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
button { padding: .6rem 1.1rem; font: inherit; color: var(--card); background: var(--mark); border: 0; border-radius: .5rem; cursor: pointer; }
ol { margin: 1rem 0 0; padding: 0; list-style: none; }
li { padding: .7rem 0; border-top: 1px solid var(--line); white-space: pre-wrap; overflow-wrap: anywhere; }
small, .from { color: var(--soft); font-size: .85rem; }
li small { display: block; }
`;
