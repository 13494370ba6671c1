import { createHash } from 'node:crypto';
import type { RunRecord } from '../record.js';
import { html, Markup } from './markup.js';
import { runArticle, runTitle } from './run.js';
import { SCRIPT } from './script.js';
import { STYLE } from './style.js';

/**
 * One self-contained page about runs: it asks nothing of any network, and works without its script. Nothing that a host
 * or a file said can act in it: texts are escaped, and the policy allows this style and this script only.
 */
export function page(runs: readonly RunRecord[], written: Date): string {
  const title = runs.map(runTitle).join('; ') || 'nothing was run';
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy()}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        ${Markup.trusted(`<style>${STYLE}</style>`)}
      </head>
      <body>
        <main>${runs.map((run, index) => runArticle(run, index))}</main>
        <footer>
          <p>
            Written by <code>provision</code> on <time datetime="${written.toISOString()}">${shownTime(written)}</time>. Secrets
            show as •••.
          </p>
        </footer>
        ${Markup.trusted(`<script>${SCRIPT}</script>`)}
      </body>
    </html> `.toString();
}

function policy(): string {
  return `default-src 'none'; style-src '${hashOf(STYLE)}'; script-src '${hashOf(SCRIPT)}'; img-src data:; base-uri 'none'; form-action 'none'`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** `2026-11-21 10:46 UTC`. */
function shownTime(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
